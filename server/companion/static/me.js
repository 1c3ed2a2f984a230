// This phone: language, size, day and night, photos; who is signed in; and leaving nothing behind.

import { h } from "./dom.js";
import * as store from "./store.js";
import * as vault from "./encrypted_store.js";
import { space } from "./queue_screen.js";
import { calendar } from "./calendar.js";
import { reminders } from "./reminders.js";
import { toast } from "./toast.js";
import { choose, settings } from "./settings.js";
import { choices } from "./widgets.js";
import { bytes, language, t } from "./words.js";

export function meScreen() {
  const { who, house, items, line, others, unkept, unreadable, held } = store.state;
  const here = items.length + others.length + unkept.length + unreadable.length + (store.state.locked ? held : 0);
  const pick = (name, options) => h("section.card", {}, h("h2", {}, t(`field.me.${name}`)), choices(t(`field.me.${name}`), options, name === "language" ? language() : settings[name], (value) => {
    choose(name, value);
    if (name === "language") dispatchEvent(new Event("field:language"));
    store.notify();
  }));
  return {
    title: t("field.tab.me"),
    main: [
      h("section.card", {}, h("h2.head", {}, who ? who.name : t("field.me.nobody")), who && h("p.soft", {}, t("field.me.tail", { tail: who.tail || "—" })),
        h("p.soft", {}, house?.district, " · ", t(`field.line.${line}`)),
        line === "signed_out" && h("a.button.main", { href: "/login?next=%2Ffield%2F" }, t("field.signin.button"))),
      who && h("a.button", { href: "#/away" }, t("field.away.title")),
      who && h("a.button", { href: "/console/" }, t("field.console")),
      who && [reminders(), calendar()],
      h("section.card", {}, h("h2", {}, t("field.room.title")), space()),
      pick("language", [["zh_Hans", "中文"], ["en", "English"]]),
      pick("size", [["", t("field.me.size.normal")], ["big", t("field.me.size.big")], ["huge", t("field.me.size.huge")]]),
      pick("theme", [["", t("field.me.theme.auto")], ["light", t("field.me.theme.light")], ["dark", t("field.me.theme.dark")]]),
      pick("original", [[false, house?.policy?.original ? t("field.me.original.policy", { size: bytes(house.policy.original), side: house.policy.side }) : t("field.me.original.all")], [true, t("field.me.original.keep")]]),
      pick("place", [[false, t("field.me.place.no")], [true, t("field.me.place.yes")]]),
      h("section.card", {}, h("h2", {}, t("field.me.wipe")), h("p.soft", {}, t("field.me.wipe.text")),
        here > 0 ? h("p.banner.watch", {}, t("field.me.wipe.waiting", { n: here })) : h("button.danger", { onclick: wipe }, t("field.me.wipe"))),
    ],
  };
}

async function wipe() {
  if (!confirm(t("field.sure.wipe"))) return;
  if (await vault.forgetAll()) return location.reload();
  toast(t("field.me.wipe.waiting", { n: await vault.count() }), { bad: true });
}
