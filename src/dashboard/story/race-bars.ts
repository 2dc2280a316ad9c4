/** The race of the two branches as bars, and who is ahead. */

import { counted } from "../../primitives/figures.ts";

export type RaceBars = {
  /** Lengths, as parts of the longest thing that is drawn. */
  readonly secret: number;
  readonly public: number;
  /** Where the public bar has the shop's confirmations; null where no shop waits. */
  readonly needed: number | null;
  /** Such as "1 block ahead". */
  readonly lead: string;
};

export type RaceLengths = {
  readonly secretBlocks: number;
  readonly publicBlocks: number;
  readonly lead: number;
};

/** So few blocks fill the bars that the first one is a step and not a jump. */
const lengthMin = 4;

/** @param confirmations that the shop waits for; null without a shop. */
export function raceBars(race: RaceLengths, confirmations: number | null): RaceBars {
  const { secretBlocks, publicBlocks, lead } = race;
  const length = Math.max(secretBlocks, publicBlocks, confirmations ?? 0, lengthMin);
  return {
    secret: secretBlocks / length,
    public: publicBlocks / length,
    needed: confirmations === null ? null : confirmations / length,
    lead: leadText(lead),
  };
}

function leadText(lead: number): string {
  if (lead === 0) return "level";
  const blocks = counted(Math.abs(lead), "block");
  return lead > 0 ? `${blocks} ahead` : `${blocks} behind`;
}
