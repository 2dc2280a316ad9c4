/** For whom and how fast a node mines, and changes to it. */

import { z } from "zod";
import type { MiningChange, MiningJson } from "../../../contract/node-api.ts";
import { nextBits } from "../../../consensus/difficulty.ts";
import {
  addressOfScript,
  describeAddressProblem,
  scriptOfAddress,
} from "../../../primitives/address.ts";
import { difficultyOf } from "../../../primitives/target.ts";
import { ProblemError } from "../problem.ts";
import type { ServedNode } from "../../queries/served-node.ts";

export const miningChange: z.ZodType<MiningChange> = z
  .strictObject({
    address: z.string().nullable().exactOptional(),
    hashrate: z.number().min(0).nullable().exactOptional(),
  })
  .refine(({ address, hashrate }) => address !== undefined || hashrate !== undefined, {
    message: "say what to change: address, hashrate or both",
  });

export function miningJson({ node, pool, name }: ServedNode): MiningJson {
  const { params, chain, payTo } = node;
  const miner = pool?.statistics().find((each) => each.miner === name);
  const bits = nextBits(chain.tip, params);
  return {
    address: (payTo && addressOfScript(payTo, params.addressPrefix)) ?? null,
    hashrate: miner?.budget ?? null,
    hashes_per_second: Math.round(miner?.hashesPerSecond ?? 0),
    hashes: miner?.hashes ?? 0,
    hasher: pool?.hasher ?? null,
    threads: pool?.threads ?? 0,
    height: chain.tip.height + 1,
    bits,
    difficulty: difficultyOf(bits),
  };
}

/** Changes all or nothing. */
export async function changeMining(served: ServedNode, change: MiningChange): Promise<void> {
  const { pool, runner, name } = served;
  const { address, hashrate } = change;
  if (pool === undefined && (typeof address === "string" || hashrate !== undefined)) {
    const detail = "This node has no miners: start it with --mine ADDRESS or --threads N.";
    throw new ProblemError(409, "no-miners", detail);
  }
  const payTo = typeof address === "string" ? scriptFrom(served, address) : undefined;
  if (hashrate !== undefined) pool?.setHashrate(name, hashrate ?? undefined);
  if (address !== undefined) await runner.command({ type: "set-mining", payTo });
}

function scriptFrom({ node }: ServedNode, address: string): Uint8Array {
  const script = scriptOfAddress(address, node.params.addressPrefix);
  if (script.ok) return script.value;
  const detail = describeAddressProblem(address, script.problem);
  throw new ProblemError(400, "address-invalid", detail);
}
