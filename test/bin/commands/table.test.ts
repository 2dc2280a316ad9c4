/** Tables and facts as people read them. */

import { expect, test } from "vitest";
import { formatFacts, formatTable, formatTime } from "../../../bin/commands/table.ts";

test("columns are as wide as their widest cell, and numbers stand under each other", () => {
  const columns = [
    { title: "height", align: "right" },
    { title: "hash" },
    { title: "ok" },
  ] as const;
  const rows = [
    [7, "abcdefgh", "yes"],
    [1234567, "c", ""],
  ];
  expect(formatTable(columns, rows).split("\n")).toEqual([
    " height  hash      ok",
    "      7  abcdefgh  yes",
    "1234567  c",
  ]);
});

test("a table of nothing still says what it would hold", () => {
  expect(formatTable([{ title: "peer" }], [])).toBe("peer");
});

test("the values of facts begin in one column", () => {
  expect(formatFacts({ a: 1, "longer name": "two" })).toBe("a            1\nlonger name  two");
});

test("a time is told in universal time, to the second", () => {
  expect(formatTime(1_296_688_602)).toBe("2011-02-02 23:16:42");
});
