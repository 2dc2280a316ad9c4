/** Sybils in virtual time: many identities with little hash power among few with much. */

import { requireCount, requireWithin, zScore } from "../../theory/statistics.ts";
import { createRandom } from "../../primitives/random.ts";
import type { SignatureVerifier } from "../../primitives/signature.ts";
import { takeCensus } from "../chain-world/census.ts";
import { Purse } from "../chain-world/purse.ts";
import { ChainTranscript } from "../chain-world/transcript.ts";
import { ChainWorld, hashrateOf } from "../chain-world/chain-world.ts";

export type SybilRun = {
  readonly seed: number | string;
  /** The part of the hash power that all of mallory's identities have together. */
  readonly share: number;
  readonly identities: number;
  /** The height at which the census is taken. */
  readonly blocks: number;
  readonly verifier: SignatureVerifier;
  readonly onLine?: (line: string) => void;
};

export type SybilOutcome = {
  readonly seed: string;
  readonly share: number;
  readonly identities: number;
  /** Mallory's part of all nodes, which buys her nothing. */
  readonly nodesPart: number;
  readonly blocks: number;
  /** Her part of the blocks, and how far it is from her share, in standard errors. */
  readonly blocksPart: number;
  readonly z: number;
  readonly elapsedMs: number;
  readonly steps: number;
};

export const identitiesMax = 50;
export const sybilBlocksMin = 40;

const honestNames = ["miner-1", "miner-2", "miner-3"];
const intervalMs = 20_000;

export function runSybil(run: SybilRun): SybilOutcome {
  const { seed, share, identities, blocks, verifier, onLine } = run;
  requireWithin("share", share, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireCount("identities", identities, 1, identitiesMax);
  requireCount("blocks", blocks, sybilBlocksMin);
  const world = new ChainWorld({ seed, verifier, templateRenewalMs: intervalMs });
  const transcript = new ChainTranscript(world, onLine ?? (() => undefined));
  const random = createRandom("sybil");
  const mallory = new Purse(random.fork("mallory")).script;
  const others = new Purse(random.fork("others")).script;
  const names = Array.from({ length: identities }, (_, position) => `sybil-${position + 1}`);
  addMiners(world, names, share, mallory);
  addMiners(world, honestNames, 1 - share, others);
  world.connectAll();
  const [witness = ""] = honestNames;
  const isDone = () => world.node(witness).chain.tip.height >= blocks && world.haveAgreed();
  if (!world.runUntil(isDone, 10 * blocks * intervalMs)) throw new Error("no blocks came");

  const census = takeCensus(world.node(witness), mallory);
  const nodesPart = identities / world.names.length;
  transcript.say("", `mallory has ${percent(nodesPart)} of all nodes`);
  transcript.say("", `she has ${percent(share)} of the hash power`);
  transcript.say("", `she has ${percent(census.share)} of ${census.blocks} blocks`);
  return {
    seed: String(seed),
    share,
    identities,
    nodesPart,
    blocks: census.blocks,
    blocksPart: census.share,
    z: zScore(census.share, share, census.blocks),
    elapsedMs: world.clock.elapsedMs,
    steps: world.steps,
  };
}

function addMiners(
  world: ChainWorld,
  names: readonly string[],
  share: number,
  payTo: Uint8Array,
): void {
  const hashrate = hashrateOf(share / names.length, intervalMs, world.params);
  for (const name of names) world.add(name, { hashrate, payTo });
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}
