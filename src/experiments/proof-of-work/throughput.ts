/** How many payments a chain can hold: block size, spacing and the size of a payment. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { near } from "../engine/finding.ts";

const parameters = {
  blockBytes: wholeParameter("bytes in a block", {
    min: 1_000,
    max: 100_000_000,
    initial: 1_000_000,
  }),
  spacing: wholeParameter("seconds between blocks", { min: 1, max: 100_000, initial: 600 }),
};

/** A payment's usual sizes in bytes, and what Bitcoin's 1 MB in 600 s holds of them a second. */
const published = [
  [226, 7.37],
  [250, 6.67],
  [400, 4.17],
] as const;

/** Of figures with three digits. */
const rounding = 0.001;

export const throughput = defineExact<typeof parameters>({
  id: "throughput",
  code: "N1",
  group: "proof of work",
  title: "Payments a second",
  claim: "A megabyte every ten minutes holds about seven payments a second.",
  lines: "L349",
  source: "arithmetic: block size / spacing / size of a payment",
  parameters,
  examples: [["--block-bytes 4000000", "four times as large"]],
  examine: ({ blockBytes, spacing }) => {
    const scale = (blockBytes / 1_000_000) * (600 / spacing);
    return published.map(([bytes, perSecond]) => {
      const held = Math.floor(blockBytes / bytes) / spacing;
      return near(`payments of ${bytes} bytes a second`, held, perSecond * scale, rounding * 2);
    });
  },
});
