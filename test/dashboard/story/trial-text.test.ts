/** Trials in a sentence, and as files. */

import { expect, test } from "vitest";
import {
  agreementSentence,
  type Estimate,
  estimatesCsv,
  estimateSentence,
  estimatesJson,
  haveSameTerms,
} from "../../../src/dashboard/story/trial-text.ts";

const estimate: Estimate = {
  type: "double-spend",
  share: 0.3,
  confirmations: 3,
  giveUpBehind: 20,
  premine: 0,
  runs: 500,
  seed: "1",
  estimate: 0.182,
  interval: [0.1507, 0.2182],
  theory: 0.18,
  z: 0.1,
  command: "powlab experiment double-spend --runs 500",
};

test("the sentence has the count, the part, its interval and the theory", () => {
  expect(estimateSentence(estimate)).toBe("won 91 of 500 = 18.2 % (15.1–21.8), theory 18.0 %");
});

test("it is said whether theory lies within the interval", () => {
  expect(agreementSentence(estimate)).toMatch(/within/);
  expect(agreementSentence({ ...estimate, theory: 0.3 })).toMatch(/outside/);
});

test("estimates of one curve differ in nothing but the share", () => {
  expect(haveSameTerms(estimate, { ...estimate, confirmations: 4 })).toBe(false);
  expect(haveSameTerms(estimate, { ...estimate, giveUpBehind: 4 })).toBe(false);
  expect(haveSameTerms(estimate, { ...estimate, premine: 1 })).toBe(false);
  const other: Estimate = { ...estimate, share: 0.4, seed: "2" };
  expect(haveSameTerms(estimate, other)).toBe(true);
});

test("the files hold all estimates", () => {
  const all = [estimate, { ...estimate, seed: "2" }];
  expect(JSON.parse(estimatesJson(all))).toEqual(all);
  expect(estimatesCsv(all).split("\n")).toEqual([
    "share,confirmations,giveUpBehind,premine,runs,seed,estimate,low,high,theory",
    "0.3,3,20,0,500,1,0.182,0.1507,0.2182,0.18",
    "0.3,3,20,0,500,2,0.182,0.1507,0.2182,0.18",
    "",
  ]);
});
