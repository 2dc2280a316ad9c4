/** The options of `powlab simulate chaos`, of one run and of many. */

import type { ChaosNetwork } from "../../../src/sim/chaos/rules.ts";
import type { ShardFlags } from "../shard-files.ts";
import type { SeedRange, SeedsOptions } from "./seeds.ts";
import type { SimulateOptions } from "./simulation.ts";

/** With a protocol its processes are run in place of nodes of the chain. */
export type ProtocolOptions = {
  readonly protocol?: string;
  readonly nodes?: number;
  readonly mutant?: string;
};

export type ChaosFlags = SimulateOptions &
  ProtocolOptions & {
    readonly seeds?: SeedRange;
    readonly network?: ChaosNetwork;
    readonly topology?: string;
    readonly faults?: string;
    readonly quiet?: true;
  };

export type SeedsFlags = SeedsOptions &
  ShardFlags &
  ProtocolOptions & {
    readonly network?: ChaosNetwork;
    readonly topology?: string;
    readonly json?: true;
  };
