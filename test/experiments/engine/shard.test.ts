/** Shards of a run: together they are the whole, in any order; what is missing or foreign is named. */

import { describe, expect, test } from "vitest";
import {
  decodeShard,
  encodeShard,
  mergeShards,
  parseShardPlace,
  positionsOf,
  type Shard,
} from "../../../src/experiments/engine/shard.ts";

function shardOf(index: number, count: number, tasks = 10, question = "q"): Shard<number> {
  const place = { index, count };
  return { question, place, tasks, answers: positionsOf(place, tasks).map((at) => at * at) };
}

const named = (file: string, shard: Shard<number>) => ({ file, shard });

test.each(["0/4", "5/4", "1/0", "1", "a/b", "1/4 ", "-1/4", "1/20000"])(
  "%j is no place",
  (text) => {
    expect(parseShardPlace(text)).toBeUndefined();
  },
);

test("every task is in exactly one shard, also where there are more shards than tasks", () => {
  for (const count of [1, 3, 16]) {
    const all = Array.from({ length: count }, (_, at) => positionsOf({ index: at + 1, count }, 10));
    expect(all.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

test("shards give the answers in the order of the tasks, in whatever order they are read", () => {
  const [a, b, c] = [1, 2, 3].map((index) => named(`${index}`, shardOf(index, 3)));
  const whole = [0, 1, 4, 9, 16, 25, 36, 49, 64, 81];
  expect(mergeShards([a!, b!, c!])).toEqual({ ok: true, value: whole });
  expect(mergeShards([c!, a!, b!])).toEqual({ ok: true, value: whole });
});

describe("what does not fit", () => {
  const problemOf = (...shards: readonly ReturnType<typeof named>[]) => {
    const verdict = mergeShards(shards);
    return verdict.ok ? undefined : verdict.problem;
  };

  test("lost shards are named", () => {
    expect(problemOf(named("a", shardOf(2, 4)), named("b", shardOf(4, 4)))).toBe(
      "shard 1/4, 3/4 is missing: run it again with the same words",
    );
  });

  test("a foreign shard and one that is there twice are named with their files", () => {
    const first = named("a", shardOf(1, 2));
    expect(problemOf(first, named("b", shardOf(2, 2, 10, "other")))).toBe(
      "b belongs to another run than a",
    );
    expect(problemOf(first, named("b", shardOf(2, 3)))).toBe("b belongs to another run than a");
    expect(problemOf(first, named("b", shardOf(1, 2)))).toBe("b and a are both shard 1/2");
    expect(problemOf()).toBe("there is no file to merge");
  });
});

describe("files", () => {
  const read = (text: string) => decodeShard(text, (reader) => reader.wholeNumber());

  test("what was written is read back", () => {
    const shard = shardOf(2, 3);
    expect(read(encodeShard(shard))).toEqual({ ok: true, value: shard });
  });

  test.each([
    ["", "it is not JSON"],
    ["{}", 'the file: needs "format"'],
    [encodeShard(shardOf(1, 2)).slice(0, 40), "it is not JSON"],
    [encodeShard(shardOf(1, 2)).replace("[0,", "["), "answers: must have 5 answers, got 4"],
    [encodeShard(shardOf(1, 2)).replace("[0,", '["x",'), "answers[0]: must be a whole number"],
    [encodeShard(shardOf(1, 2)).replace("1/2", "3/2"), "shard: must be such as 1/4"],
    [encodeShard(shardOf(1, 2)).replace("shard/1", "shard/2"), "format: must be one of"],
  ])("%j is refused: %s", (text, why) => {
    const verdict = read(text);
    expect(verdict.ok ? "" : verdict.problem).toContain(why);
  });
});
