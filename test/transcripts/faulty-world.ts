/** A small world on any network's rules, with payments and a schedule of faults written by hand. */

import type { Params } from "../../src/consensus/params.ts";
import type { News } from "../../src/node/news.ts";
import type { PeerId } from "../../src/primitives/brand.ts";
import { createRandom } from "../../src/primitives/random.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import { ChainFaultInjector, describeChainFault } from "../../src/sim/chain-world/chain-faults.ts";
import { ChainWorld, defaultStart, hashrateOf } from "../../src/sim/chain-world/chain-world.ts";
import { findDisagreement } from "../../src/sim/chain-world/checks/agreement.ts";
import { allChecks } from "../../src/sim/chain-world/checks/all-checks.ts";
import { fakeSigner, fakeVerifier } from "../../src/sim/chain-world/fake-signature.ts";
import { mineHeadStart } from "../../src/sim/chain-world/head-start.ts";
import { SimulatedWallet } from "../../src/sim/chain-world/simulated-wallet.ts";
import { Traffic } from "../../src/sim/chaos/traffic.ts";
import type { Fault } from "../../src/sim/engine/faults.ts";
import { describeStrike } from "../../src/sim/engine/strike.ts";
import { Observer } from "./observer.ts";
import type { Write } from "./scenario.ts";

export type FaultyWorld = {
  readonly seed: number;
  /** Their genesis block must be older than the world, which begins with a chain. */
  readonly params: Params;
  /** The mean time between blocks, at the genesis block's difficulty. */
  readonly intervalMs: number;
  /** How long blocks are mined and payments made. */
  readonly durationMs: number;
  readonly paymentsMeanMs: number;
};

/** Nodes with their parts of the hash power. */
const shares = { alice: 0, bob: 0.1, carol: 0.2, dave: 0.3, erin: 0.4 };

/** The split makes two branches; one node crashes during it, another soon after it. */
const faults: readonly Fault[] = [
  {
    verb: "split",
    groups: [
      ["alice", "bob", "erin"],
      ["carol", "dave"],
    ],
    atMs: 5_000,
    lastsMs: 15_000,
  },
  { verb: "crash", node: "dave", moment: "at-once", atMs: 14_000, lastsMs: 12_000 },
  { verb: "crash", node: "erin", moment: "while-writing", atMs: 24_000, lastsMs: 8_000 },
  { verb: "slow", node: "carol", byMs: 6_000, atMs: 30_000, lastsMs: 15_000 },
  { verb: "skew", node: "bob", byMs: 12_000, atMs: 35_000, lastsMs: 12_000 },
  { verb: "step", node: "dave", byMs: -3_600_000, atMs: 48_000, lastsMs: 0 },
  { verb: "start-wrong", node: "erin", byMs: -8_000, atMs: 50_000, lastsMs: 5_000 },
];

const walletsCount = 3;
/** What nodes get to agree once nobody mines. */
const patienceMs = 240_000;
const timeWidth = 9;
const nameWidth = 8;
/** Hexadecimal digits of a hash. */
const shortLength = 16;

/** Runs it, and writes every piece of news of every node. */
export function transcribeFaultyWorld(run: FaultyWorld, write: Write): void {
  const { seed, params, durationMs } = run;
  const random = createRandom(seed);
  const observer = new Observer(write);
  const checks = [...allChecks(), observer];
  const world = new ChainWorld({ seed, verifier: fakeVerifier, params, checks });
  const say = (name: string, text: string) => {
    const seconds = (world.clock.elapsedMs / 1000).toFixed(3).padStart(timeWidth);
    write(`${seconds} s  ${name.padEnd(nameWidth)}  ${text}`);
  };
  world.onNews((name, news) => say(name, describe(news)));
  const traffic = populate(world, run);
  const injector = new ChainFaultInjector(world, random.fork("byzantine"), (strike) => {
    say("", describeStrike(strike, describeChainFault));
  });
  injector.schedule(faults);
  traffic.begin();
  world.runFor(durationMs);
  traffic.end();
  injector.endAll();
  say("", "all faults are over, and nobody mines");
  for (const name of world.names) world.command(name, { type: "set-mining", payTo: undefined });
  world.runUntil(() => world.haveAgreed(), patienceMs);
  const subjects = world.names.map((name) => world.subject(name));
  say("", findDisagreement(subjects) ?? "every node has the same blocks and coins");
  world.checkAll();
  write("");
  write(`${traffic.payments} payments, ${world.steps} steps, ${world.clock.elapsedMs} ms`);
  observer.writeNodes();
}

/** Miners with a chain on which some coins can be spent, all linked with all. */
function populate(world: ChainWorld, { seed, params, intervalMs, paymentsMeanMs }: FaultyWorld) {
  const random = createRandom(seed).fork("purses");
  const wallets = Array.from({ length: walletsCount }, (_, position) => {
    return new SimulatedWallet(random.fork(String(position)), fakeSigner);
  });
  const rich = wallets.map(({ script }) => script);
  const rest = new SimulatedWallet(random.fork("miners"), fakeSigner).script;
  const { records, coins } = mineHeadStart({
    params,
    verifier: fakeVerifier,
    start: defaultStart,
    rich,
    rest,
  });
  for (const [name, share] of Object.entries(shares)) {
    world.add(name, { hashrate: hashrateOf(share, intervalMs, params), records, payTo: rest });
  }
  world.connectAll();
  return new Traffic({
    world,
    random: random.fork("traffic"),
    wallets,
    coins,
    meanMs: paymentsMeanMs,
  });
}

function describe(news: News): string {
  switch (news.type) {
    case "block-accepted": {
      const { hash, height, origin, isTip, from, block, work } = news;
      if (origin === "mined") {
        const { previous, bits } = block.header;
        const load = `payments ${block.transactions.length - 1}, bits ${bits.toString(16)}`;
        return `mines block ${height} ${short(hash)} on ${short(previous)}: ${load}`;
      }
      const place = isTip ? "on its tip" : "beside its tip";
      return `accepts block ${height} ${short(hash)} ${place}, ${origin} from ${sourceOf(from)}, work ${work}`;
    }
    case "block-rejected":
      return `rejects block ${short(news.hash)} from ${sourceOf(news.from)}: ${news.problem.rule}`;
    case "tip-extended":
      return `extends its tip to ${news.height}`;
    case "reorganised": {
      const { back, forth, height, tip, readmitted } = news;
      const move = `${back.length} back, ${forth.length} forth, to ${height} ${short(tip)}`;
      return `reorganises: ${move}; payments that wait again: ${readmitted.length}`;
    }
    case "transaction-admitted":
      return `admits payment ${short(news.txid)} with fee ${news.fee} from ${sourceOf(news.from)}`;
    case "transaction-removed":
      return `removes payment ${short(news.txid)}: ${news.reason}`;
    case "peer-ready":
      return `knows ${news.peer} at height ${news.height}`;
    case "peer-left":
      return `has lost ${news.peer}`;
    case "peer-banned":
      return `bans ${news.peer}: ${news.reason}`;
    case "miners-rest":
      return `lets its miners rest: ${news.reason}`;
    case "clock-disagrees":
      return `finds its clock ${news.seconds} s ${news.direction}, by ${news.peers} peers`;
    default:
      return unreachable(news);
  }
}

function sourceOf(peer: PeerId | undefined): string {
  return peer ?? "itself";
}

function short(hash: string): string {
  return hash.slice(0, shortLength);
}
