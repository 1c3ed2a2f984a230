// 各部门结果: which department entered what, and who is still awaited (Art. 16 (3)).

import { h } from "./dom.js";
import { t } from "./words.js";

// A line for each department of a joint task; one department alone needs none.
/** @param {Task} task */
export const departments = (task) =>
  task.departments.length > 1 && h("ul.plain.card", { id: "departments" }, task.departments.map((one) => h("li", {}, lineOf(one))));

/** @param {any} one */
function lineOf(one) {
  const name = one.name;
  if (one.silent) return h("b", {}, t("department_part.silent", { name }));
  if (one.returned) return t("department_part.returned", { name, reason: one.returned });
  if (!one.entered) return t("department_part.awaited", { name });
  const types = one.types.map((/** @type {string} */ code) => t(`result.${code}`)).join("、");
  return t(one.late ? "department_part.late" : "department_part.entered", { name, types });
}
