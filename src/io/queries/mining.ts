/** For whom and how fast a node mines, and changes to it. */

import { nextBits } from "../../consensus/difficulty.ts";
import type { ForcedRest } from "../../mempool/mining.ts";
import { type AddressProblem, scriptOfAddress } from "../../primitives/address.ts";
import type { CompactTarget } from "../../primitives/brand.ts";
import type { HasherName } from "../../primitives/hashing.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";
import type { ServedNode } from "./served-node.ts";

export type MiningFacts = {
  /** The output script that is paid; undefined if this node does not mine. */
  readonly payTo: Uint8Array | undefined;
  /** The most it may hash a second; undefined for all it can. */
  readonly hashesPerSecondMax: number | undefined;
  /** As observed in the last seconds. */
  readonly hashesPerSecond: number;
  readonly hashes: number;
  /** What its threads search with; undefined if it has none. */
  readonly hasher: HasherName | undefined;
  readonly threads: number;
  /** Of the block that is being looked for. */
  readonly height: number;
  readonly bits: CompactTarget;
  /** Why its miners rest though they should mine; undefined if they do not. */
  readonly forcedRest: ForcedRest | undefined;
};

export function miningFacts({ node, pool, name }: ServedNode): MiningFacts {
  const miner = pool?.statistics().find((each) => each.miner === name);
  return {
    payTo: node.payTo,
    hashesPerSecondMax: miner?.hashesPerSecondMax,
    hashesPerSecond: miner?.hashesPerSecond ?? 0,
    hashes: miner?.hashes ?? 0,
    hasher: pool?.hasher,
    threads: pool?.threads ?? 0,
    height: node.chain.tip.height + 1,
    bits: nextBits(node.chain.tip, node.params),
    forcedRest: node.forcedRest,
  };
}

/** What is left out stays as it is. */
export type MiningChange = {
  /** Who is paid from now on; null stops mining. */
  readonly address?: string | null;
  /** The most it may hash a second; null lifts the limit. */
  readonly hashrate?: number | null;
};

export type MiningProblem =
  | { readonly rule: "no-miners" }
  | {
      readonly rule: "address-invalid";
      readonly address: string;
      readonly problem: AddressProblem;
    };

/** Changes all or nothing, and answers what is so then. */
export async function changeMining(
  served: ServedNode,
  { address, hashrate }: MiningChange,
): Promise<Verdict<MiningFacts, MiningProblem>> {
  const { node, pool, runner, name } = served;
  if (pool === undefined && (typeof address === "string" || hashrate !== undefined)) {
    return broken({ rule: "no-miners" });
  }
  let payTo: Uint8Array | undefined;
  if (typeof address === "string") {
    const script = scriptOfAddress(address, node.params.addressPrefix);
    if (!script.ok) {
      return broken({ rule: "address-invalid", address, problem: script.problem });
    }
    payTo = script.value;
  }
  if (hashrate !== undefined) pool?.setHashrate(name, hashrate ?? undefined);
  if (address !== undefined) await runner.command({ type: "set-mining", payTo });
  return valid(miningFacts(served));
}
