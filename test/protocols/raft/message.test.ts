/** Messages as bytes: what is written is read, and all else is refused with a sentence. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { PeerId } from "../../../src/primitives/brand.ts";
import { entryOf } from "../../../src/protocols/raft/entry.ts";
import {
  decodeMessage,
  encodeMessage,
  type RaftMessage,
} from "../../../src/protocols/raft/message.ts";
import { describeMessage } from "../../../src/protocols/raft/news.ts";

const count = fc.oneof(fc.nat(300), fc.maxSafeNat());
const flag = fc.boolean();
const name = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("n1", "é", ""),
) as fc.Arbitrary<PeerId>;
const value = fc.oneof(
  fc.constantFrom(null, true, false, 0, -0, "", "x", 1.5, -7, 1e300, 2 ** 53),
  fc.string({ maxLength: 50 }),
  fc.integer(),
);
const command = fc.oneof(
  fc.record({ type: fc.constant("read" as const), key: name }),
  fc.record({ type: fc.constant("write" as const), key: name, value }),
  fc.record({ type: fc.constant("compare-and-set" as const), key: name, from: value, to: value }),
  fc.record({ type: fc.constant("propose" as const), value }),
);
const content = fc.oneof(
  fc.constant({ type: "empty" as const }),
  fc.record({ type: fc.constant("members" as const), members: fc.array(name) }),
  fc.record({
    type: fc.constant("command" as const),
    id: fc.record({ client: name, number: count }),
    command,
  }),
);
const entries = fc.array(
  fc.tuple(count, content).map(([term, each]) => entryOf(term, each)),
  { maxLength: 5 },
);
const snapshot = fc.record({
  index: count,
  term: count,
  members: fc.array(name),
  data: fc.record({
    values: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.nat())),
    sessions: fc.constant({ c: { number: 3, answer: { type: "written" as const } } }),
  }),
});

const message: fc.Arbitrary<RaftMessage> = fc.oneof(
  fc.record({
    type: fc.constant("vote" as const),
    ...{ term: count, isPre: flag, isTransfer: flag, lastIndex: count, lastTerm: count },
  }),
  fc.record({
    type: fc.constant("vote-reply" as const),
    term: count,
    isPre: flag,
    isGranted: flag,
  }),
  fc.record({
    type: fc.constant("append" as const),
    ...{ term: count, previousIndex: count, previousTerm: count, committed: count, entries },
  }),
  fc.record({
    type: fc.constant("append-reply" as const),
    ...{ term: count, isAccepted: flag, index: count, hintIndex: count, hintTerm: count },
  }),
  fc.record({
    type: fc.constant("heartbeat" as const),
    ...{ term: count, committed: count, round: count, sentAt: count },
  }),
  fc.record({
    type: fc.constant("heartbeat-reply" as const),
    ...{ term: count, round: count, sentAt: count },
  }),
  fc.record({ type: fc.constant("snapshot" as const), term: count, snapshot }),
  fc.record({ type: fc.constant("campaign" as const), term: count }),
  fc.record({ type: fc.constant("transfer" as const), to: name }),
  fc.record({
    type: fc.constant("change-members" as const),
    change: fc.constantFrom("add" as const, "remove" as const),
    member: name,
  }),
);

test("every message comes back as it was, and has words", () => {
  fc.assert(
    fc.property(message, (each) => {
      const decoded = decodeMessage(encodeMessage(each));
      expect(decoded).toEqual({ ok: true, value: JSON.parse(JSON.stringify(each)) });
      expect(describeMessage(each)).toMatch(/\S/);
    }),
    { numRuns: 500, seed: 11 },
  );
});

test("numbers that JSON does not know are written as JSON writes them", () => {
  for (const [value, read] of [
    [NaN, null],
    [Infinity, null],
    [-0, 0],
  ] as const) {
    const id = { client: "c", number: 1 };
    const content = { type: "command", id, command: { type: "propose", value } } as const;
    const append = { type: "append", term: 1, previousIndex: 0, previousTerm: 0 } as const;
    const bytes = encodeMessage({ ...append, committed: 0, entries: [entryOf(1, content)] });
    const verdict = decodeMessage(bytes);
    expect(verdict).toMatchObject({
      ok: true,
      value: { entries: [{ content: { command: { value: read } } }] },
    });
  }
});

test("a message has one form: cut, lengthened or changed bytes are refused or are another", () => {
  fc.assert(
    fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, change) => {
      const bytes = encodeMessage(each);
      const at = place % bytes.length;
      expect(decodeMessage(bytes.slice(0, at)).ok).toBe(false);
      expect(decodeMessage(Uint8Array.of(...bytes, 0)).ok).toBe(false);
      const other = bytes.slice();
      other[at] = other[at]! ^ change;
      const verdict = decodeMessage(other);
      if (!verdict.ok) expect(verdict.problem).toMatch(/^\S.*[^.]$/);
      else if (each.type !== "snapshot") expect(encodeMessage(verdict.value)).toEqual(other);
    }),
    { numRuns: 500, seed: 12 },
  );
});

test("what is no message is refused with what is wrong", () => {
  const problem = (...bytes: readonly number[]) => {
    const verdict = decodeMessage(Uint8Array.from(bytes));
    return verdict.ok ? undefined : verdict.problem;
  };
  expect(problem()).toBe("the data ends too early");
  expect(problem(99)).toBe("no such kind of message");
  expect(problem(1, 3, 4)).toBe("a flag is set that does not exist");
  expect(problem(7, 3, 0)).toBe("1 bytes after the end");
  expect(problem(7, 0xfd, 3, 0)).toBe("CompactSize is not minimal");
  expect(problem(8, 1, 0xff)).toBe("a text is not UTF-8");
  expect(problem(2, 1, 1, 1, 1, 1, 1, 9)).toBe("no such kind of entry");
  expect(problem(2, 1, 1, 1, 1, 1, 1, 4, 0, 1, 6)).toBe("no such kind of value");
  expect(problem(2, 1, 1, 1, 1, 1, 1, 4, 0, 1, 5, 2, 0x30, 0x31)).toBe("no number: 01");
  const large = decodeMessage(new Uint8Array((1 << 20) + 1));
  expect(large).toEqual({ ok: false, problem: "it has 1048577 bytes, of at most 1048576" });
});
