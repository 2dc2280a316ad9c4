/** Checks the parser of numbers: what it reads, and that its errors say which numbers are right. */

import { expect, test } from "vitest";
import { decimalNumber, namedShare, share, wholeNumber } from "../../bin/commands/numbers.ts";

const nodes = wholeNumber({ min: 2, max: 12 });
const delay = decimalNumber({ min: 0, max: 100 });

test.each([
  [nodes, "2", 2],
  [nodes, "12", 12],
  [delay, "0.25", 0.25],
  [delay, ".5", 0.5],
  [delay, "7", 7],
  [share(), "0.3", 0.3],
  [share(), "30%", 0.3],
  [share(), "12.5 %", 0.125],
  [share(), "1", 1],
])("%# reads %o as typed", (parse, text, value) => {
  expect(parse(text)).toBe(value);
});

test.each([
  [nodes, "1"],
  [nodes, "13"],
  [nodes, "2.5"],
  [nodes, "1e1"],
  [nodes, "0x5"],
  [nodes, ""],
  [nodes, " "],
])("%# refuses %o with the whole numbers that are right", (parse, text) => {
  expect(() => parse(text)).toThrow(/^It must be a whole number from 2 to 12$/);
});

test.each(["-1", "101", "1,5", "much", "", "NaN", "Infinity"])(
  "a delay of %o is refused with the numbers that are right",
  (text) => {
    expect(() => delay(text)).toThrow(/^It must be a number from 0 to 100$/);
  },
);

test.each(["30", "1.1", "101%", "-0.1", "%", "a third", ""])(
  "a share of %o is refused, with both ways to write one",
  (text) => {
    const right = /^It must be a part of 1, such as 0\.3 or 30%, from 0 to 1$/;
    expect(() => share()(text)).toThrow(right);
  },
);

test("bounds may say why they are there", () => {
  const parse = share({ min: 0, max: 0.49, reason: "with half of the power its race never ends" });
  expect(() => parse("0.5")).toThrow("from 0 to 0.49: with half of the power its race never ends");
});

test("a named share is written as a part or in percent", () => {
  expect(namedShare("mallory=0.6")).toEqual({ name: "mallory", part: 0.6 });
  expect(namedShare("mallory = 60%")).toEqual({ name: "mallory", part: 0.6 });
  expect(() => namedShare("mallory=60")).toThrow("such as 0.3 or 30%");
  expect(() => namedShare("mallory")).toThrow("such as mallory=0.6 or mallory=60%");
});
