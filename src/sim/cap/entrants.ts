/** Who takes part: every protocol that keeps keys, and proof of work beside them. */

import { protocols } from "../../protocols/catalogue.ts";
import type { ProcessNetwork } from "../process-world/process-world.ts";
import type { CapFault } from "./cap-fault.ts";
import { ChainSystem } from "./chain-system.ts";
import { describeLie } from "./false-claims.ts";
import { ProcessSystem } from "./process-system.ts";
import { type CapRun, runCap } from "./run.ts";
import type { CapSystem } from "./system.ts";

export type Entrant = {
  readonly name: string;
  /** How it answers, and what it does when it lies, in a phrase each without a full stop. */
  readonly about: string;
  readonly lie: string;
  readonly create: (seed: string, network: ProcessNetwork) => CapSystem;
};

export const proofOfWork = "proof-of-work" as const;

/** Variants of others, which are run if they are asked for. */
const unusual: readonly string[] = ["two-phase-commit-cooperative"];

const ofProcesses: readonly Entrant[] = protocols
  .filter(({ workload }) => workload === "key-value")
  .map(({ name, summary, protocol }) => ({
    name,
    about: summary,
    lie: describeLie(protocol),
    create: (seed, network) => new ProcessSystem(seed, network, protocol),
  }));

/** All that may be asked for. */
export const entrants: readonly Entrant[] = [
  ...ofProcesses,
  {
    name: proofOfWork,
    about:
      "a write is a transaction with the command as data, answered when it is in a block of the " +
      "node that was asked; a read is answered at once from that node's active branch",
    lie: "announces blocks that break the rules",
    create: (seed, network) => {
      const clients = network.names.map((_, at) => `c${at + 1}`);
      return new ChainSystem(seed, network, clients);
    },
  },
];

export const usualEntrants = entrants.filter(({ name }) => !unusual.includes(name));

/** Why a protocol of the catalogue does not take part. */
export const absence =
  "paxos decides one value once, and so has no keys to ask for: multi-paxos is Paxos for a sequence";

export type CapOrder = {
  /** An entrant's name. */
  readonly protocol: string;
  readonly seed: string;
  readonly network: ProcessNetwork;
  readonly faults: readonly CapFault[];
  readonly wholeMs: number;
};

/** Equal orders give equal runs. @throws RangeError if there is no such entrant. */
export function runOrder({ protocol, seed, network, faults, wholeMs }: CapOrder): CapRun {
  const entrant = entrants.find(({ name }) => name === protocol);
  if (entrant === undefined) throw new RangeError(`there is no entrant ${protocol}`);
  return runCap({ system: entrant.create(seed, network), seed, faults, wholeMs });
}
