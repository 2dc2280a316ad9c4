/** Checks what each broken rule means for the block's hash. */

import { describe, expect, test } from "vitest";
import {
  type Blame,
  blameOf,
  type BlockProblem,
  describeProblem,
} from "../../src/consensus/problem.ts";
import { madeUpHash, satoshis } from "./samples.ts";

type Rule = BlockProblem["rule"];

/** One judgement for each rule there is: a new rule does not compile without one. */
const blames: { readonly [R in Rule]: Blame } = {
  // Nothing but the header is wrong, and later or elsewhere it may be right.
  "high-hash": "nothing",
  "time-too-new": "nothing",
  // Somebody may have changed a body whose header is honest.
  "bad-txnmrklroot": "body",
  "bad-txns-duplicate": "body",
  "bad-txns-64-bytes": "body",
  "bad-cb-missing": "body",
  "bad-blk-length": "body",
  "bad-witness-nonce-size": "body",
  "bad-witness-merkle-match": "body",
  "unexpected-witness": "body",
  // The header commits to all of this.
  "bad-diffbits": "block",
  "time-too-old": "block",
  "time-timewarp-attack": "block",
  "bad-version": "block",
  "bad-blk-weight": "block",
  "bad-cb-multiple": "block",
  "bad-cb-height": "block",
  "bad-cb-amount": "block",
  "bad-cb-length": "block",
  "bad-prevblk": "block",
  "duplicate-invalid": "block",
  "bad-txns-vin-empty": "block",
  "bad-txns-vout-empty": "block",
  "bad-txns-oversize": "block",
  "bad-txns-vout-negative": "block",
  "bad-txns-vout-toolarge": "block",
  "bad-txns-txouttotal-toolarge": "block",
  "bad-txns-inputs-duplicate": "block",
  "bad-txns-prevout-null": "block",
  "output-not-taproot-or-data": "block",
  "script-sig-not-empty": "block",
  "bad-txns-nonfinal": "block",
  "bad-txns-inputs-missingorspent": "block",
  "bad-txns-premature-spend-of-coinbase": "block",
  "bad-txns-inputvalues-outofrange": "block",
  "bad-txns-in-belowout": "block",
  "mandatory-script-verify-flag-failed": "block",
};

test.each(Object.entries(blames))("%s is the fault of: %s", (rule, blame) => {
  expect(blameOf({ rule } as BlockProblem)).toBe(blame);
});

test("a rule that nobody judged is a bug and thrown", () => {
  expect(() => blameOf({ rule: "no-such-rule" } as unknown as BlockProblem)).toThrow(
    /no-such-rule/,
  );
});

describe("a problem in one line", () => {
  test("is the rule alone if there are no facts", () => {
    expect(describeProblem({ rule: "bad-cb-missing" } satisfies BlockProblem)).toBe(
      "bad-cb-missing",
    );
  });

  test("is the rule and its facts", () => {
    const claimed: BlockProblem = {
      rule: "bad-cb-amount",
      claimed: satoshis(11),
      allowed: satoshis(10),
    };
    expect(describeProblem(claimed)).toBe("bad-cb-amount (claimed 11, allowed 10)");
    const parent: BlockProblem = { rule: "bad-prevblk", previous: madeUpHash };
    expect(describeProblem(parent)).toBe(`bad-prevblk (previous ${madeUpHash})`);
  });

  test("has the version in the reason itself, as Core says it", () => {
    const version = (of: number) => describeProblem({ rule: "bad-version", version: of });
    expect([version(3), version(-1)]).toEqual([
      "bad-version(0x00000003)",
      "bad-version(0xffffffff)",
    ]);
  });
});
