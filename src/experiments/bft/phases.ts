/** What each phase of PBFT is for: what prepare shows, and what is lost without commit. */

import type { PeerId } from "../../primitives/brand.ts";
import { wholeParameter } from "../../primitives/parameter.ts";
import type { PbftNews } from "../../protocols/pbft/news.ts";
import { isProof } from "../../protocols/process/evidence.ts";
import { fakeSignatures } from "../../protocols/process/signatures.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import type { ConstantWorld, Told } from "../processes/constant-world.ts";
import {
  behaviourOf,
  carriedOut,
  forks,
  idOf,
  mutantOf,
  neverMs,
  replicas,
  type ReplicasOptions,
  seen,
  write,
} from "./replicas.ts";
import { forging, sendingOnly } from "./scripted-behaviours.ts";

const [n1, n2, n3] = ["n1", "n2", "n3"] as [PeerId, PeerId, PeerId];
const noParameters = {};
/** Enough for some changes of the view. */
const longMs = 30_000;

const splitParameters = {
  nodes: wholeParameter("replicas, of which one is byzantine", { min: 4, max: 5, initial: 4 }),
};

export const preparesReveal = defineExact<typeof splitParameters>({
  id: "prepares-reveal",
  code: "B5",
  group: "BFT",
  title: "Prepare reveals two proposals",
  claim: "A primary that proposes two operations for one number is found out, and nothing is done.",
  lines: "L246",
  source: "construction: backups show each other what the primary signed, and change the view",
  parameters: splitParameters,
  examples: [["--nodes 5", "one replica more"]],
  examine: ({ nodes }, seed) => {
    const world = replicas({ nodes, seed });
    world.turnByzantine([n1], sendingOnly(["pre-prepare"], behaviourOf("equivocating")));
    world.requestAtAll(n2, idOf("c"), write("x", 1));
    world.runFor(longMs);
    const leftAtMs = newsOf(world, "left-view")[0]?.atMs ?? Infinity;
    const done = carriedOut(seen(world));
    const views = newsOf(world, "prepared").map(({ news }) => news.view);
    return [
      exactly(
        "carried out in the first view",
        done.filter(({ atMs }) => atMs < leftAtMs).length,
        0,
      ),
      exactly("replicas that carry something out later", done.length, nodes - 1),
      exactly("operations that they carry out", new Set(done.map((each) => each.command)).size, 1),
      exactly("in view", Math.max(...views), 1),
      exactly("replicas with evidence against the primary", provenBy(world, n1), nodes - 1),
    ];
  },
});

type NewsOf<Type extends PbftNews["type"]> = Extract<PbftNews, { readonly type: Type }>;

/** Of honest replicas. */
export function newsOf<Type extends PbftNews["type"]>(
  world: ConstantWorld,
  type: Type,
): readonly (Omit<Told, "news"> & { readonly news: NewsOf<Type> })[] {
  return world.told.flatMap(({ by, atMs, news }) => {
    if (news.type !== type || world.isByzantine(by)) return [];
    return [{ by, atMs, news: news as NewsOf<Type> }];
  });
}

/** How many replicas hold two statements that the culprit signed; anyone can check them. */
function provenBy(world: ConstantWorld, culprit: PeerId): number {
  const holders = newsOf(world, "equivocation").flatMap(({ by, news: { evidence } }) => {
    const isAgainst = evidence.culprit === culprit && isProof(evidence, fakeSignatures("anyone"));
    return isAgainst && evidence.about.startsWith("pre-prepare") ? [by] : [];
  });
  return new Set(holders).size;
}

export const thirdPhase = defineExact<typeof noParameters>({
  id: "third-phase",
  code: "B6",
  group: "BFT",
  title: "Without commit",
  claim: "Prepared is not yet decided: who carries out then may be alone when the view changes.",
  lines: "L244,251",
  source: "Castro and Liskov 1999, 4.5; a script: one replica is prepared, and then cut off",
  parameters: noParameters,
  examples: [["--seed 2", "the same script: nothing in it is random"]],
  examine: (_, seed) => {
    const options = { resendMs: neverMs };
    const [without, right] = [{ protocol: mutantOf("without-commit") }, { options }].map(
      (rules) => {
        return cutOffWhenPrepared({ ...rules, nodes: 4, seed });
      },
    );
    return [
      exactly("without commit: numbers with two operations", without?.forks ?? NaN, 1),
      exactly("with commit: numbers with two operations", right?.forks ?? NaN, 0),
      exactly("with commit: replicas that carry out the second", right?.done ?? NaN, 3),
    ];
  },
});

/** Only n2 receives the prepares; the others change the view without it, and order something else. */
function cutOffWhenPrepared(options: ReplicasOptions) {
  const world = replicas({
    ...options,
    extraMs: ({ to, message }) => {
      const isFirst = "view" in message && message.view === 0;
      if (!isFirst || message.type === "pre-prepare" || message.type === "view-change") return 0;
      return message.type === "prepare" && to === n2 ? 0 : Infinity;
    },
  });
  world.request(n1, idOf("first"), write("x", 1));
  world.runFor(100);
  world.split([n2]);
  world.request(n3, idOf("second"), write("x", 2));
  world.runFor(longMs);
  const of = seen(world);
  return { forks: forks(of).length, done: carriedOut(of).filter(({ by }) => by !== n2).length };
}

export const forgery = defineExact<typeof noParameters>({
  id: "forgery",
  code: "B9",
  group: "BFT",
  title: "Unlimited power and signatures",
  claim: "Byzantine nodes have unlimited computational power, but cannot forge signatures.",
  lines: "L263",
  source: "contradiction: who has it can forge; Castro and Liskov, section 2, bound the adversary",
  isRefuted: true,
  parameters: noParameters,
  examples: [["--seed 2", "the same script: nothing in it is random"]],
  examine: (_, seed): readonly Finding[] => {
    const [bounded, unbounded] = [behaviourOf("colluding"), forging].map((behaviour) => {
      const world = replicas({ nodes: 4, seed });
      world.turnByzantine([n1], behaviour);
      world.requestAtAll(n2, idOf("c"), write("x", 1));
      world.runFor(longMs);
      return forks(seen(world)).length;
    });
    return [
      exactly("one of four is byzantine: numbers with two operations", bounded ?? NaN, 0),
      exactly("one of four can forge, too: numbers with two operations", unbounded ?? NaN, 1),
    ];
  },
});
