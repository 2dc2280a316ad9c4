/** A thread that runs protocols under cap's schedule. */

import { drawCapHistory } from "../../../src/experiments/cap/drawing.ts";
import type { Drawn } from "../../../src/experiments/cap-page.ts";
import { adoptHasher } from "../../../src/io/hashing/hasher-choice.ts";
import { serveTasks } from "../../../src/io/threads/task-worker.ts";
import { type CapOrder, runOrder } from "../../../src/sim/cap/entrants.ts";
import { scorecardOf } from "../../../src/sim/cap/scorecard.ts";

adoptHasher();

serveTasks<CapOrder, Drawn>((order) => {
  const run = runOrder(order);
  const card = scorecardOf(order.protocol, run);
  return { card, drawing: drawCapHistory(card, run) };
});
