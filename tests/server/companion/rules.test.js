// The phone's smaller rules run the table that the house's run (tests/models/rules/test_entry.py, test_revision.py, test_visit.py).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspected, measuresWrong, revisionWrong, shortHanded, toggledMeasures, toggledTypes, typesWrong, usualMeasures, withEstablished } from "../../../server/companion/static/sheet.js";
import { clock, localDay } from "../../../server/companion/static/words.js";
import { sha256 } from "../../../server/static/witness.js";

const table = JSON.parse(readFileSync(new URL("../../vectors/phone.json", import.meta.url), "utf8"));

test("result types stand together or are refused as the table says", () => {
  for (const row of table.results) {
    const questions = row.failures.map((n) => ({ n, given: { verdict: "fail" } }));
    const refused = typesWrong({ questions, established: row.established }, row.types, row.note);
    assert.equal(refused, row.refused && `field.result.${row.refused}`, JSON.stringify(row));
  }
});

test("what may take the place of a public result stands or is refused as the table says (tests/models/rules/test_revision.py)", () => {
  for (const row of table.revisions) {
    const refused = revisionWrong(row.types, row.note, row.failures, row.aside, row.before);
    assert.equal(refused, row.refused && `field.${row.refused === "unchanged" ? "revision" : "result"}.${row.refused}`, JSON.stringify(row));
  }
});

test("a tap changes the choice as the table says", () => {
  for (const row of table.taps) assert.deepEqual(toggledTypes(row.types, row.tapped), row.after, JSON.stringify(row));
});

test("what was settled meanwhile joins a choice made before, and no tap takes it out", () => {
  assert.deepEqual(withEstablished(["R01"], ["R09"]), ["R09"]);
  assert.deepEqual(withEstablished(["R02"], ["R06"]), ["R02", "R06"]);
  assert.deepEqual(withEstablished([], []), []);
  assert.deepEqual(toggledTypes(["R06"], "R06", ["R06"]), ["R06"]);
  assert.deepEqual(toggledTypes(["R04"], "R02", ["R04"]), ["R02", "R04"]);
});

test("a department with fewer than two on site is short", () => {
  for (const row of table.crews) {
    const members = Object.keys(row.came).flatMap((department) => [1, 2, 3].map((n) => ({ id: `${department}${n}`, department })));
    const present = Object.entries(row.came).flatMap(([department, count]) => [1, 2, 3].slice(0, count).map((n) => `${department}${n}`));
    assert.deepEqual(shortHanded({ members }, present), row.short, JSON.stringify(row));
  }
});

test("an instant has the district's day and hour wherever the phone is", () => {
  for (const row of table.times) assert.deepEqual([localDay(row.at), clock(row.at)], [row.day, row.clock], JSON.stringify(row));
});

test("a witness's device makes the SHA-256 that everybody makes", () => {
  for (const row of table.hashes) assert.equal(sha256(row.text), row.sha256, JSON.stringify(row));
});

test("measures are proposed, chosen and refused as at the house (tests/models/rules/test_department_result.py)", () => {
  assert.deepEqual(usualMeasures(["R01"]), ["none"]);
  assert.deepEqual(usualMeasures(["R02", "R05"]), ["ordered"]);
  assert.deepEqual(usualMeasures(["R10"]), ["stopped"]);
  assert.deepEqual(usualMeasures(["R08"]), []);
  assert.deepEqual(toggledMeasures(["ordered"], "none"), ["none"]);
  assert.deepEqual(toggledMeasures(["none"], "case"), ["case"]);
  assert.equal(measuresWrong(["R08"], ["none"], ""), "field.result.follow_up");
  assert.equal(measuresWrong(["R01"], ["case"], ""), "field.result.no_measure");
  assert.equal(measuresWrong(["R05"], ["ordered"], ""), "");
});

test("departments that answered, settled or sampled owe a result; the leader's where nobody did", () => {
  const members = [{ department: "GA", leader: true }, { department: "XF", leader: false }];
  const asked = (more) => [{ n: 1, department: "GA" }, { n: 2, department: "XF", ...more }];
  assert.deepEqual(inspected({ members, questions: asked({}) }), ["GA"]);
  assert.deepEqual(inspected({ members, questions: asked({ given: { verdict: "pass" } }) }), ["XF"]);
  assert.deepEqual(inspected({ members, questions: asked({ waiting: true }) }), ["XF"]);
});
