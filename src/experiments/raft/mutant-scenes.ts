/** For each mutant the shortest way to the promise that it breaks; honest rules go it unharmed. */

import type { PeerId } from "../../primitives/brand.ts";
import type { RaftOptions } from "../../protocols/raft/options.ts";
import { Cluster } from "./cluster.ts";

type Options = Partial<RaftOptions>;

/** Elections happen only when a script says so, and messages only arrive when it does. */
const [n1, n5] = ["n1", "n5"] as PeerId[] as [PeerId, PeerId];

const byHand = { preVote: false, checkQuorum: false, snapshotEvery: 0 } as const;

/** A leader of three in term 1, whose first entry all have. */
function ledByFirst(count: number, options: Options): Cluster {
  const cluster = new Cluster({ ...byHand, ...options, count });
  cluster.campaign("n1");
  cluster.deliver();
  return cluster;
}

/** What is broken beside the five promises is said by the scene. */
function brokenIn(cluster: Cluster, ...others: readonly string[]): SceneOutcome {
  const { steps, brokenAfter } = cluster;
  const said = others.map((name) => [name, steps.length] as const);
  return { steps, brokenAfter: new Map([...brokenAfter, ...said]) };
}

export type SceneOutcome = {
  /** All that happened, in words. */
  readonly steps: readonly string[];
  /** The promises that are broken in the end, each with the number of steps to that. */
  readonly brokenAfter: ReadonlyMap<string, number>;
};

export type Scene = (options: Options) => SceneOutcome;

export const scenes: Readonly<Record<string, Scene>> = {
  "more-than-majority": (options) => {
    const cluster = new Cluster({ ...options, count: 3 });
    cluster.crash("n3");
    const hasLeader = cluster.run(60_000, () => cluster.leader !== undefined);
    return brokenIn(cluster, ...(hasLeader ? [] : ["liveness"]));
  },

  /** n1 has a long log of term 1, the others a short one of term 2, which is committed. */
  "log-length-only": (options) => {
    const cluster = ledByFirst(3, options);
    for (const value of [1, 2, 3]) cluster.write("n1", value);
    cluster.drop();
    cluster.campaign("n2");
    cluster.deliverAmong("n2", "n3");
    cluster.drop();
    cluster.crash("n1");
    cluster.restart("n1");
    cluster.campaign("n1", 2);
    cluster.deliver();
    return brokenIn(cluster);
  },

  /** n3 has missed what n1 and n2 committed. */
  "no-election-restriction": (options) => {
    const cluster = ledByFirst(3, options);
    cluster.write("n1", 1);
    cluster.deliverAmong("n1", "n2");
    cluster.drop();
    cluster.campaign("n3");
    cluster.deliver();
    return brokenIn(cluster);
  },

  /** n1 has entries 2 and 3 of term 1, n2 and n3 of term 2; then n3 sends entry 4 of term 3. */
  "no-previous-entry-check": (options) => {
    const cluster = ledByFirst(3, options);
    for (const value of [1, 2]) cluster.write("n1", value);
    cluster.drop();
    cluster.campaign("n2");
    cluster.write("n2", 3);
    cluster.deliverAmong("n2", "n3");
    cluster.write("n2", 3);
    cluster.deliverAmong("n2", "n3");
    cluster.drop();
    cluster.campaign("n3");
    cluster.deliver();
    return brokenIn(cluster);
  },

  "counts-earlier-terms": (options) => brokenIn(playFigure8(options)),

  /** n3 votes for n1, starts again, and is asked by n2 in the same term. */
  "vote-not-durable": (options) => {
    const cluster = new Cluster({ ...byHand, ...options, count: 3 });
    for (const name of ["n1", "n2"]) cluster.campaign(name);
    cluster.deliver(({ message, from, to }) => {
      return message.type.startsWith("vote") && [from, to].join("") in { n1n3: 1, n3n1: 1 };
    });
    cluster.crash("n3");
    cluster.restart("n3");
    cluster.deliverAmong("n2", "n3");
    return brokenIn(cluster);
  },

  /** n3 votes for n1, hears its heartbeat, starts again, and is asked by n2 in the same term. */
  "vote-cleared": (options) => {
    const cluster = new Cluster({ ...byHand, ...options, count: 3 });
    for (const name of ["n1", "n2"]) cluster.campaign(name);
    cluster.deliver(({ message, from, to }) => {
      return message.type.startsWith("vote") && [from, to].join("") in { n1n3: 1, n3n1: 1 };
    });
    cluster.read("n1");
    cluster.deliver(({ message, to }) => message.type === "heartbeat" && to === "n3");
    cluster.crash("n3");
    cluster.restart("n3");
    cluster.deliverAmong("n2", "n3");
    return brokenIn(cluster);
  },

  /** n3's vote of term 1 reaches n2 when that campaigns in term 2, in which n3 votes for n1. */
  "stale-votes": (options) => {
    const cluster = new Cluster({ ...byHand, ...options, count: 3 });
    cluster.campaign("n2");
    cluster.deliver(({ message, to }) => message.type === "vote" && to === "n3");
    const late = ({ from, to }: { from: string; to: string }): boolean =>
      from === "n3" && to === "n2";
    cluster.drop((letter) => !late(letter));
    cluster.campaign("n2");
    cluster.drop((letter) => !late(letter));
    cluster.campaign("n1");
    cluster.drop((letter) => !late(letter));
    cluster.campaign("n1");
    cluster.deliver(({ from, to, message }) => {
      return message.type.startsWith("vote") && [from, to].join("") in { n1n3: 1, n3n1: 1 };
    });
    cluster.deliver(late);
    return brokenIn(cluster);
  },

  /** n2's vote reaches n1 twice; n3 and n4 vote for n5. */
  "answers-counted": (options) => {
    const cluster = new Cluster({ ...byHand, ...options, count: 5 });
    for (const name of ["n1", "n5"]) cluster.campaign(name);
    cluster.deliverAmong("n1", "n2");
    const vote = cluster.sent.find(({ from, message }) => {
      return from === "n2" && message.type === "vote-reply";
    });
    if (vote !== undefined) cluster.replay(vote);
    cluster.drop(({ to }) => to === "n1");
    cluster.deliverAmong("n3", "n4", "n5");
    return brokenIn(cluster);
  },

  /** n2 has acknowledged entry 2 when n1 has entry 3, too. */
  "commits-whole-log": (options) => {
    const cluster = ledByFirst(3, options);
    for (const value of [1, 2]) cluster.write("n1", value);
    cluster.deliver(({ to, message }) => {
      return to === "n2" && message.type === "append" && message.previousIndex === 1;
    });
    cluster.deliver(({ from }) => from === "n2");
    cluster.drop();
    cluster.crash("n1");
    cluster.campaign("n2");
    cluster.deliver();
    return brokenIn(cluster);
  },

  /** Entries 2 and 3 become committed together. */
  "applies-newest-only": (options) => {
    const cluster = ledByFirst(3, options);
    for (const value of [1, 2]) cluster.write("n1", value, `key${value}`);
    cluster.deliver(({ to }) => to === "n2");
    cluster.drop(({ message }) => message.type === "append-reply" && message.index === 2);
    cluster.deliver();
    return brokenIn(cluster);
  },

  /** n1 was cut off while n2 was elected and wrote; both can be reached again. */
  "never-steps-down": (options) => {
    const { cluster } = staleLeader(options);
    cluster.heal();
    const read = cluster.read("n1");
    cluster.deliver();
    return brokenIn(cluster, ...staleness(cluster.answerTo(read)));
  },

  /** The same, and n1 is still cut off. */
  "reads-unconfirmed": (options) => {
    const { cluster } = staleLeader(options);
    const read = cluster.read("n1");
    cluster.deliver();
    return brokenIn(cluster, ...staleness(cluster.answerTo(read)));
  },

  /** n2 has acknowledged entries 2 and 3, when the message with entry 2 comes once more. */
  "always-truncates": (options) => {
    const cluster = ledByFirst(3, options);
    for (const value of [1, 2]) cluster.write("n1", value);
    cluster.deliverAmong("n1", "n2");
    cluster.drop();
    const first = cluster.sent.find(({ to, message }) => {
      return to === "n2" && message.type === "append" && message.previousIndex === 1;
    });
    if (first !== undefined) cluster.replay(first);
    cluster.crash("n1");
    cluster.campaign("n2");
    cluster.deliver();
    return brokenIn(cluster);
  },

  /** Reads give 1, then 2, then 1 again, although 1 was written by one request. */
  "no-sessions": (options) => {
    const cluster = ledByFirst(3, options);
    const reads: unknown[] = [];
    const id = cluster.write("n1", 1);
    cluster.deliver();
    readOnce();
    cluster.write("n1", 2);
    cluster.deliver();
    readOnce();
    cluster.request("n1", { type: "write", key: "x", value: 1 }, id);
    cluster.deliver();
    readOnce();
    return brokenIn(cluster, ...(reads.join() === "1,2,2" ? [] : ["linearizability"]));

    function readOnce(): void {
      const read = cluster.read("n1");
      cluster.deliver();
      const answer = cluster.answerTo(read);
      reads.push(answer?.type === "read" ? answer.value : answer?.type);
    }
  },

  /**
   * n1 adds n5, which only those two know. n2 leads the next term and removes n1 at once: n2 and
   * n3 are a majority of three. n1, n4 and n5 are one of five.
   */
  "overlapping-changes": (options) => {
    const voters = ["n1", "n2", "n3", "n4"] as unknown as RaftOptions["voters"];
    const cluster = ledByFirst(5, { ...options, voters });
    cluster.operate("n1", { type: "change-members", change: "add", member: n5 });
    cluster.deliverAmong("n1", "n5");
    cluster.drop();
    cluster.campaign("n2");
    cluster.deliver(({ message }) => message.type.startsWith("vote"));
    cluster.operate("n2", { type: "change-members", change: "remove", member: n1 });
    cluster.deliverAmong("n2", "n3");
    cluster.drop();
    cluster.campaign("n1", 2);
    cluster.deliverAmong("n1", "n4", "n5");
    return brokenIn(cluster);
  },
};

/** Figure 8 of the paper, from (a) to (d): what five processes are left with. */
export function playFigure8(options: Options): Cluster {
  const cluster = ledByFirst(5, { ...options, batchBytesMax: 1 });
  // (a) n1 replicates entry 2 of term 1 to n2.
  cluster.write("n1", 1);
  cluster.deliverAmong("n1", "n2");
  cluster.drop();
  cluster.crash("n1");
  // (b) n5 is elected by n3 and n4, and writes another entry 2, of term 2.
  cluster.campaign("n5");
  cluster.deliver(({ message }) => message.type.startsWith("vote"));
  cluster.drop();
  cluster.crash("n5");
  // (c) n1 leads again, in term 3, and replicates its entry 2 to n3: a majority stores it.
  cluster.restart("n1");
  cluster.campaign("n1", 2);
  cluster.deliver(({ message }) => message.type.startsWith("vote"));
  cluster.deliverAmong("n1", "n2");
  cluster.deliver(({ from, to, message }) => {
    const hasThird = message.type === "append" && message.entries[0]?.era === 3;
    const isFirstTry = cluster.state("n3").log.last.index < 2;
    return (from === "n3" || to === "n3") && (isFirstTry || !hasThird);
  });
  cluster.drop();
  cluster.crash("n1");
  // (d) n5 leads term 4 with the votes of n3 and n4, and entry 2 is its own.
  cluster.restart("n5");
  cluster.campaign("n5", 2);
  cluster.deliver();
  return cluster;
}

/** n1 leads term 1 and is cut off; n2 leads term 2, and its write is answered. */
function staleLeader(options: Options): { readonly cluster: Cluster } {
  const cluster = ledByFirst(3, options);
  cluster.split(["n1"], ["n2", "n3"]);
  cluster.campaign("n2");
  cluster.deliver();
  const write = cluster.write("n2", 2);
  cluster.deliver();
  if (cluster.answerTo(write)?.type !== "written") throw new Error("n2 cannot write");
  return { cluster };
}

/** A read that began after 2 was written must give 2, or not be answered. */
function staleness(answer: ReturnType<Cluster["answerTo"]>): readonly string[] {
  return answer?.type === "read" && answer.value !== 2 ? ["linearizability"] : [];
}
