// One photo of a task: what it is called, what its stamped copy says, and its picture.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { moment, t } from "./words.js";

export const called = (question) => (question.about ? t(`onsite.about.${question.about}`) : t("field.photo.one", { n: question.n }));

// What will be printed on the stamped copy; the original stays as it is.
export function stamp(task, question) {
  const who = store.state.who;
  return [task.number, question.about ? called(question) : t("field.question", { n: question.n }), moment(store.now()), who?.name ?? ""];
}

export async function fill(image, one) {
  if (one.local) {
    image.src = store.pictured(one.key) || (await store.picture(one.key));
    return;
  }
  const sent = store.state.sent.find((item) => item.receipt?.photo === one.id);
  const local = sent && store.pictured(sent.key);
  if (local) image.src = local;
  else if (one.thumbnail) image.src = `/field/api/photos/${one.id}/thumbnail?${one.copy ?? ""}`;
  else image.replaceWith(h("span.blank", {}, icon("camera"), one.unprintable ? h("small", {}, t(`field.unprintable.${one.unprintable}`)) : null));
}
