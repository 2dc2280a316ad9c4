/** Byzantine peers, which harm the nodes that accept their messages: each kind is a behaviour. */

import type { Random } from "../../primitives/random.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import { Equivocation } from "./equivocation.ts";
import { HeaderSpam } from "./header-spam.ts";
import { InvalidBlocks } from "./invalid-blocks.ts";
import { MutatedBlocks } from "./mutated-blocks.ts";
import { OrphanFlood } from "./orphan-flood.ts";
import { WithheldBodies } from "./withheld-bodies.ts";

export const byzantineNames = [
  "invalid-blocks",
  "mutated-blocks",
  "withheld-bodies",
  "header-spam",
  "orphan-flood",
  "equivocation",
] as const;
export type ByzantineName = (typeof byzantineNames)[number];

/** @param random source of its random decisions. */
export function createByzantine(name: ByzantineName, random: Random): Behaviour {
  switch (name) {
    case "invalid-blocks":
      return new InvalidBlocks(random);
    case "mutated-blocks":
      return new MutatedBlocks(random);
    case "withheld-bodies":
      return new WithheldBodies(random);
    case "header-spam":
      return new HeaderSpam(random);
    case "orphan-flood":
      return new OrphanFlood(random);
    case "equivocation":
      return new Equivocation(random);
  }
}
