// Asks for a reason: one tap for the usual ones, a line for the rest; nothing (null) when the person turns back.

import { h } from "./dom.js";
import { t } from "./words.js";

export function why(title, text, usual) {
  return new Promise((resolve) => {
    let said = null;
    const own = h("input", { id: "why-own", maxlength: 400, autocomplete: "off" });
    const give = (reason) => { said = reason.trim() || null; if (said) dialog.close(); };
    const dialog = h("dialog.why", { "aria-labelledby": "why-title", onclose: () => { dialog.remove(); resolve(said); } },
      h("h2", { id: "why-title" }, title), h("p", {}, text),
      h("div.choices", {}, usual.map((one) => h("button.choice", { type: "button", onclick: () => give(t(one)) }, t(one)))),
      h("div.field", {}, h("label", { for: "why-own" }, t("field.why.own")), own),
      h("div.pair", {}, h("button.quiet", { type: "button", onclick: () => dialog.close() }, t("field.why.back")),
        h("button.main", { type: "button", onclick: () => give(own.value) }, t("field.why.give"))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

const VOIDED = ["field.why.wrong_place", "field.why.blurred", "field.why.people", "field.why.twice"];
export const voiding = () => why(t("field.void"), t("field.void.text"), VOIDED);

const GIVEN_UP = ["field.why.twice", "field.why.wrong_place", "field.why.answered_anew"];
export const givingUp = () => why(t("field.discard"), t("field.discard.text"), GIVEN_UP);
