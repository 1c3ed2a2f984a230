// What the phone offers for each task that comes in on a line, by act: for the walk that presses it against the house.

import process from "node:process";
import { createInterface } from "node:readline";
import { ACTS, targets } from "../../../server/companion/static/offers.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { task, at } = JSON.parse(line);
  const offered = Object.fromEntries(ACTS.map((act) => [act, targets(task, act, Date.parse(at))]));
  process.stdout.write(`${JSON.stringify(offered)}\n`);
}
