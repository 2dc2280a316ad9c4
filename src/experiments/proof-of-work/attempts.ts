/** Headers that are hashed until one is low enough, many times: how many attempts it takes. */

import { sha256d } from "../../primitives/hash.ts";
import { choiceParameter, type ValuesOf } from "../../primitives/parameter.ts";
import { addSample, noSamples } from "../../theory/statistics.ts";
import { defineExperiment, type RunPortion } from "../engine/experiment.ts";

const parameters = {
  zeros: choiceParameter("bits that must be zero at the hash's end", [4, 6, 8, 12], 8),
};

export const attempts = defineExperiment<typeof parameters>({
  id: "attempts",
  code: "W1",
  group: "proof of work",
  title: "Attempts",
  claim: "A block costs about 2^256 / target attempts.",
  lines: "L335",
  measure: "the mean number of headers hashed until one fits, with real SHA-256d",
  source: "attempts are geometric: 2 to the number of bits that must be zero",
  refuses: "a hash that is easier to meet than its target says",
  parameters,
  units: { name: "runs", summary: "how many blocks", initial: 4_000, max: 100_000 },
  tolerance: { type: "standard-errors", max: 4 },
  examples: [["--zeros 12 --runs 500", "a harder target"]],
  table: { varies: { zeros: [4, 6, 8] } },
  quick: { values: [{ zeros: 4 }], units: 4_000 },
  batchUnits: ({ zeros }) => (zeros === 12 ? 50 : 500),
  prepare: () => countAttempts,
  expected: ({ zeros }) => 2 ** zeros,
  beside: () => ({}),
});

const headerSizeBytes = 80;
const nonceAt = 76;

const countAttempts: RunPortion<ValuesOf<typeof parameters>> = ({ zeros }, { count, random }) => {
  let sums = noSamples;
  for (let run = 0; run < count; run++) {
    const header = random.nextBytes(headerSizeBytes);
    const nonce = new DataView(header.buffer, nonceAt);
    let tried = 0;
    let isLow = false;
    while (!isLow) {
      nonce.setUint32(0, tried++, true);
      const hash = sha256d(header);
      // The hash is shown in reverse, so its last bytes are the highest.
      isLow = ((hash[31] ?? 0) * 256 + (hash[30] ?? 0)) >>> (16 - zeros) === 0;
    }
    sums = addSample(sums, tried, 1);
  }
  return { type: "ratio", sums };
};
