/** Message counts beside a formula. */

import { expect, test } from "vitest";
import { createMessageCounts } from "../../src/checkers/message-counts.ts";

/** Of two-phase commit with n participants: 4n. */
const expected = { prepare: 3, vote: 3, decision: 3, done: 3 };

test("counts that are as expected are no breach", () => {
  const messages = createMessageCounts();
  for (const kind of Object.keys(expected)) for (let i = 0; i < 3; i++) messages.sent(kind);
  expect(messages.findBreach(expected)).toBeUndefined();
});

test("too many, too few and unexpected messages are named with their counts", () => {
  const messages = createMessageCounts();
  for (const kind of ["prepare", "prepare", "prepare", "prepare", "vote", "hello"])
    messages.sent(kind);
  expect(messages.findBreach({ prepare: 3, vote: 3 })).toBe(
    "were sent: 4 of prepare instead of 3, 1 of vote instead of 3, 1 of hello instead of 0",
  );
});
