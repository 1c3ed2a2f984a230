// The phone's rules run the table that the house's rules run (tests/models/rules/test_value.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gapsOf, nextOpen, typed } from "../../../server/field/static/sheet.js";
import { beyond, read } from "../../../server/field/static/value.js";

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
    n: one.n, department: "GA", photo: one.photo, waiting: one.waiting, found: one.settled ? { settles: true } : undefined,
    given: one.given ? { ...one.given, version: 1, day: "2026-12-08" } : undefined,
  }));
  const photos = row.asks.flatMap((one) => Array.from({ length: one.given?.photos ?? 0 }, () => ({ question: one.n })));
  return { department: "GA", questions, photos, sections: [] };
}

test("b10: what is missing and what comes next are as the table says", () => {
  for (const row of table.sheets) {
    const made = task(row);
    const found = Object.fromEntries(made.questions.map((one) => [one.n, gapsOf(made, one)]));
    assert.deepEqual([found, nextOpen(made, row.after)?.n ?? null], [row.lacking, row.next], JSON.stringify(row));
  }
});
