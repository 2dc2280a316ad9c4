/**
 * Two judges of histories, the explorer's and the checkers', and a third that tries every order:
 * on small random histories all three say the same.
 */

import fc from "fast-check";
import { expect, test } from "vitest";
import { HistoryRecorder, type Value } from "../../../src/checkers/history.ts";
import { checkLinearizability } from "../../../src/checkers/linearizability.ts";
import {
  begin,
  emptyHistory,
  end,
  type History,
  isLinearizable,
  withdraw,
} from "../../../src/explorer/engine/history.ts";
import { keyValueObject } from "../../../src/explorer/processes/client-requests.ts";
import type { Answer, Command } from "../../../src/protocols/process/key-value.ts";
import { isLinearizable as hasSomeOrder } from "../../checkers/brute-force.ts";

const clients = 3;
const key = "x";
/** They differ in type only, or are falsy. */
const values: readonly Value[] = [0, "", false, "0"];

/** What a client does next: it asks, or if it has asked, it is answered or told that nothing was done. */
type Turn = {
  readonly client: number;
  readonly f: "read" | "write" | "cas";
  readonly value: Value;
  readonly to: Value;
  readonly isSet: boolean;
  readonly isWithdrawn: boolean;
};

const turn: fc.Arbitrary<Turn> = fc.record({
  client: fc.nat(clients - 1),
  f: fc.constantFrom("read", "write", "cas"),
  value: fc.constantFrom(...values, null),
  to: fc.constantFrom(...values),
  isSet: fc.boolean(),
  isWithdrawn: fc.nat(9).map((drawn) => drawn === 0),
});

function commandOf({ f, value, to }: Turn): Command {
  if (f === "read") return { type: "read", key };
  if (f === "write") return { type: "write", key, value: to };
  return { type: "compare-and-set", key, from: value, to };
}

function answerOf({ type }: Command, { value, isSet }: Turn): Answer {
  if (type === "read") return { type: "read", value };
  return type === "write" ? { type: "written" } : { type: "compared", isSet };
}

/** The same history as each of the judges takes it. */
function toldBoth(turns: readonly Turn[]) {
  let history: History<Command, Answer> = emptyHistory(clients);
  const recorder = new HistoryRecorder();
  for (const each of turns) {
    const { client } = each;
    const name = `c${client}`;
    const open = history[client]?.open;
    if (open === undefined) {
      const value: Value = each.f === "read" ? null : each.to;
      history = begin(history, client, commandOf(each));
      const asked = each.f === "cas" ? ([each.value, each.to] as const) : value;
      recorder.invoke(name, { f: each.f, key, value: asked });
    } else if (each.isWithdrawn) {
      history = withdraw(history, client);
      recorder.fail(name, "aborted");
    } else {
      const answer = answerOf(open.operation, each);
      history = end(history, client, answer);
      if (answer.type === "compared" && !answer.isSet) recorder.differed(name);
      else recorder.ok(name, answer.type === "read" ? answer.value : undefined);
    }
  }
  return { history, recorder };
}

test("both judges and the one that tries every order say the same of 3,000 small histories", () => {
  const verdicts = { linearizable: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 14 }), (turns) => {
      const { history, recorder } = toldBoth(turns);
      const expected = hasSomeOrder(recorder.events, false);
      const { outcome } = checkLinearizability(recorder.operations(), { model: "cas" });
      expect(outcome).toBe(expected ? "linearizable" : "refused");
      expect(isLinearizable(history, keyValueObject)).toBe(expected);
      verdicts[expected ? "linearizable" : "refused"] += 1;
    }),
    { numRuns: 3_000, seed: 1 },
  );
  // Judges that always say the same would agree, too.
  expect(verdicts.linearizable).toBeGreaterThan(500);
  expect(verdicts.refused).toBeGreaterThan(500);
});
