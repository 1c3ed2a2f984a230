// The phone's rules run the table that the house's rules run (tests/models/rules/test_value.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asked, failures, gapsOf, nextOpen, toggledOption, typed } from "../../../server/companion/static/sheet.js";
import { beyond, read } from "../../../server/companion/static/value.js";

const table = JSON.parse(readFileSync(new URL("../../vectors/checklist.json", import.meta.url), "utf8"));

test("b10: every typed value is read as the table says", () => {
  for (const row of table.values) {
    const wanted = row.refused ? { refused: row.refused } : { value: row.value, sure: row.sure };
    assert.deepEqual(read(table.questions[row.question], row.raw, row.today), wanted, JSON.stringify(row));
  }
});

test("b10: what is typed into several fields is what is sent in one line", () => {
  assert.deepEqual(typed(table.questions.pair, ["１０", " 9 "], "2026-12-08"), { value: "10/9", sure: true });
  assert.deepEqual(typed(table.questions.pair, ["10", ""], "2026-12-08"), { refused: "checklist.value_empty" });
});

test("b12: a value out of its own limits contradicts the verdict", () => {
  for (const row of table.contradictions) {
    assert.equal(beyond(table.questions[row.question].limits, row.value, row.verdict, row.day), row.beyond, JSON.stringify(row));
  }
});

function task(row) {
  const questions = row.asks.map((one) => ({
    ...(table.questions[one.question] ?? { kind: "TRI", fill_in: "", limits: { numbers: [], bounds: [] } }),
    n: one.n, department: "GA", photo: one.photo, sample: one.sample, waiting: one.waiting, found: one.settled ? { settles: true } : undefined,
    given: one.given ? { ...one.given, version: 1, day: "2026-12-08" } : undefined,
  }));
  const photos = row.asks.flatMap((one) => Array.from({ length: one.given?.photos ?? 0 }, () => ({ question: one.n })));
  const samples = row.asks.flatMap((one) => Array.from({ length: one.given?.samples ?? 0 }, () => ({ question: one.n })));
  return { department: "GA", questions, photos, samples, methods: [], sections: [] };
}

test("b10: what is missing and what comes next are as the table says", () => {
  for (const row of table.sheets) {
    const made = task(row);
    const found = Object.fromEntries(made.questions.map((one) => [one.n, gapsOf(made, one)]));
    assert.deepEqual([found, nextOpen(made, row.after)?.n ?? null], [row.lacking, row.next], JSON.stringify(row));
  }
});

function under(answers) {
  const made = task({ asks: [1, 2, 3].map((n) => ({ n, question: "", photo: "no", given: answers[n] ? { verdict: "", value: "", note: "示例", ...answers[n] } : undefined })) });
  const [place, contract, term] = made.questions;
  Object.assign(place, { kind: "MANY", fill_in: "自有/租赁", options: ["自有", "租赁"] });
  contract.when = [[1, "=", "租赁"]];
  term.when = [[2, "=", "pass"], [1, "!=", "na"]];
  return made;
}

test("a point under a condition is asked only where the points before it were answered so", () => {
  const seen = (answers) => { const made = under(answers); return made.questions.filter((one) => asked(made, one)).map((one) => one.n); };
  assert.deepEqual(seen({}), [1]);
  assert.deepEqual(seen({ 1: { verdict: "pass", value: "自有" } }), [1]);
  assert.deepEqual(seen({ 1: { verdict: "pass", value: "自有、租赁" } }), [1, 2]);
  assert.deepEqual(seen({ 1: { verdict: "pass", value: "租赁" }, 2: { verdict: "pass" } }), [1, 2, 3]);
  assert.deepEqual(seen({ 1: { verdict: "na", value: "租赁" }, 2: { verdict: "pass" } }), [1, 2]);
  assert.deepEqual(failures(under({ 2: { verdict: "fail" } })), []);
});

test("a second tap takes an option back, but never the last one", () => {
  const tapped = (value, option) => toggledOption({ kind: "MANY", options: ["自有", "租赁"], given: { value } }, option);
  assert.deepEqual([tapped("", "租赁"), tapped("租赁", "自有"), tapped("自有、租赁", "自有"), tapped("租赁", "租赁")], ["租赁", "自有、租赁", "租赁", "租赁"]);
});
