/** For each mutant a scene that shows its mistake: what is broken in it, by the names of the checks. */

import { HistoryRecorder, operationsOf } from "../../checkers/history.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import { createNoFork } from "../../checkers/no-fork.ts";
import type { PeerId } from "../../primitives/brand.ts";
import {
  digestOf,
  newViewText,
  phaseText,
  viewChangeText,
} from "../../protocols/pbft/certificate.ts";
import type { NewView, Operation, PbftMessage, ViewChange } from "../../protocols/pbft/message.ts";
import type { PbftNews } from "../../protocols/pbft/news.ts";
import { type Pbft, pbft } from "../../protocols/pbft/pbft.ts";
import type { PbftRules } from "../../protocols/pbft/rules.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import { fakeSignatures, requestText } from "../../protocols/process/signatures.ts";
import { ConstantWorld, type Sent } from "../processes/constant-world.ts";
import { runByzantine, type SceneOutcome } from "./byzantine-run.ts";

export type Scene = (rules: PbftRules) => SceneOutcome;

const [n1, n2, n3, n4] = ["n1", "n2", "n3", "n4"] as PeerId[] as [PeerId, PeerId, PeerId, PeerId];
const noOp: Operation = { type: "no-op" };
const [first, second] = [writeOf("x", 1), writeOf("x", 2)];
const delayMs = 50;
const early = 900;

type Lose = (sent: Omit<Sent, "message"> & { readonly message: PbftMessage }) => boolean;

/** Four replicas that send nothing twice. */
class Replicas extends ConstantWorld {
  readonly #protocol: Pbft;

  constructor(rules: PbftRules, isLost: Lose = () => false) {
    const protocol = pbft({ resendMs: 60_000 }, rules);
    super({
      ...{ protocol, nodes: 4, delayMs, seed: "1" },
      // All messages of this world are of this protocol.
      extraMs: (sent) => (isLost({ ...sent, message: sent.message as PbftMessage }) ? Infinity : 0),
    });
    this.#protocol = protocol;
  }

  runTo(atMs: number): void {
    this.runFor(atMs - this.nowMs);
  }

  /** The view change that a replica sent to all. */
  viewChangeOf(name: PeerId): ViewChange {
    for (const { from, message } of this.sent) {
      const sent = message as PbftMessage;
      if (from !== name || sent.type !== "view-change") continue;
      const { view, stable, prepared, signer, signature } = sent;
      return { view, stable, prepared, signer, signature };
    }
    throw new Error(`${name} sent no view change`);
  }

  /** In the order of their times. */
  get steps(): readonly string[] {
    const steps = [
      ...this.sent.map(({ atMs, from, to, message }) => {
        return {
          atMs,
          text: `${from} → ${to}: ${this.#protocol.describe(message as PbftMessage)}`,
        };
      }),
      ...this.told.map(({ atMs, by, news }) => {
        return { atMs, text: `${by} ${this.#protocol.tell(news as PbftNews)}` };
      }),
    ];
    return steps.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, text }) => `${atMs} ms  ${text}`);
  }
}

function idOf(client: string): RequestId {
  return { client, number: 1 };
}

function writeOf(key: string, value: number): Command {
  return { type: "write", key, value };
}

/** What honest replicas have committed, all compared. */
function forkAmong(replicas: Replicas, honest: readonly PeerId[]): SceneOutcome {
  const check = createNoFork();
  const breaches = honest.map((name) => check.findBreach({ name, view: replicas.view(name) }));
  const isBroken = breaches.some((breach) => breach !== undefined);
  return { broken: isBroken ? [check.name] : [], steps: replicas.steps, isRun: false };
}

/** A statement of one replica, really signed by it. */
function said(
  signer: PeerId,
  type: "prepare" | "commit",
  number: number,
  { view = 0, operation = noOp, signedBy = signer } = {},
): PbftMessage {
  const content = { view, number, digest: digestOf(operation) };
  const signature = fakeSignatures(signedBy).sign(phaseText(type, content));
  const vote = { ...content, signer, signature };
  return type === "commit" ? { type, ...vote } : { type, proposed: "", ...vote };
}

function proposed(primary: PeerId, number: number, operation: Operation): PbftMessage {
  const content = { view: 0, number, digest: digestOf(operation) };
  const signature = fakeSignatures(primary).sign(phaseText("pre-prepare", content));
  return { type: "pre-prepare", ...content, operation, signature };
}

function requestOf(client: string, command: typeof first): Operation {
  const id = idOf(client);
  const signature = fakeSignatures(client).sign(requestText(id, command));
  return { type: "request", id, command, signature };
}

/**
 * Only n2 learns that the first request is `phase`d, and is cut off. The others, who have another
 * request, go on in view 2, after n2 could not lead view 1.
 */
function onlyOneKnows(rules: PbftRules, phase: "prepare" | "commit"): SceneOutcome {
  const replicas = new Replicas(rules, ({ atMs, from, to, message }) => {
    if (atMs > 3 * delayMs && (from === n2 || to === n2)) return true;
    return message.type === phase && atMs < early && to !== n2;
  });
  replicas.request(n1, idOf("c"), first);
  replicas.at(early, () => {
    for (const name of [n3, n4]) replicas.request(name, idOf("d"), second);
  });
  replicas.runTo(20_000);
  return forkAmong(replicas, replicas.names);
}

/** n4 tells n3 what all have said, which is not so. */
function forgedNames(rules: PbftRules): SceneOutcome {
  const replicas = new Replicas(rules);
  for (const name of [n1, n2, n4]) replicas.request(name, idOf("c"), first);
  const tell = (message: PbftMessage) => replicas.deliver(n4, n3, message);
  const proposal = { ...proposed(n1, 1, noOp), signature: "forged" } as PbftMessage;
  tell(proposal);
  for (const signer of [n2, n4]) tell(said(signer, "prepare", 1, { signedBy: n4 }));
  for (const signer of [n1, n2, n4]) tell(said(signer, "commit", 1, { signedBy: n4 }));
  replicas.runTo(5_000);
  return forkAmong(replicas, [n1, n2, n3]);
}

/** n1, which is not run, says one thing first, and another one when only n2 has committed the first. */
function twoProposals(rules: PbftRules): SceneOutcome {
  const operation = requestOf("c", first);
  const replicas = new Replicas(rules, ({ to, message }) => {
    return message.type === "commit" && to !== n2 && message.digest === digestOf(operation);
  });
  replicas.crash(n1);
  for (const name of [n2, n3, n4]) replicas.deliver(n1, name, proposed(n1, 1, operation));
  replicas.at(500, () => {
    for (const name of [n3, n4]) {
      replicas.deliver(n1, name, proposed(n1, 1, noOp));
      replicas.deliver(n1, name, said(n1, "commit", 1));
    }
  });
  replicas.runTo(950);
  return forkAmong(replicas, [n2, n3, n4]);
}

/** n2, which leads view 1, proposes a no-op for what n3 has carried out and n4 has prepared. */
function falseNewView(rules: PbftRules): SceneOutcome {
  const replicas = new Replicas(rules, ({ to, message }) => {
    return message.type === "commit" && message.view === 0 && to === n4;
  });
  for (const name of replicas.names) replicas.request(name, idOf("c"), first);
  replicas.at(500, () => [n1, n2].forEach((name) => replicas.crash(name)));
  replicas.at(600, () => [n3, n4].forEach((name) => replicas.request(name, idOf("d"), second)));
  replicas.at(2_000, () => {
    const newView = newViewWith(replicas, [{ number: 1, operation: noOp }]);
    for (const name of [n3, n4]) {
      replicas.deliver(n2, name, { type: "new-view", ...newView });
      replicas.deliver(n2, name, said(n2, "commit", 1, { view: 1 }));
    }
  });
  replicas.runTo(2_500);
  return forkAmong(replicas, [n3, n4]);
}

/** Signed by n2, with the view changes of n3 and n4 as they were sent. */
function newViewWith(
  replicas: Replicas,
  renewed: readonly { readonly number: number; readonly operation: Operation }[],
): NewView {
  const { sign } = fakeSignatures(n2);
  const shown = [n3, n4].map((name) => replicas.viewChangeOf(name));
  const own = { view: 1, stable: replicas.viewChangeOf(n3).stable, prepared: [] };
  const viewChange = { ...own, signer: n2, signature: sign(viewChangeText(own)) };
  const proposals = renewed.map(({ number, operation }) => {
    const digest = digestOf(operation);
    return {
      number,
      digest,
      signature: sign(phaseText("pre-prepare", { view: 1, number, digest })),
    };
  });
  const content = { view: 1, viewChanges: [...shown, viewChange], proposals };
  return { ...content, signature: sign(newViewText(content)) };
}

/** Number 1 is proposed and lost, number 2 is prepared; then the primary crashes. */
function gap(rules: PbftRules): SceneOutcome {
  const replicas = new Replicas(rules, ({ atMs, message }) => {
    return message.type === "prepare" && message.number === 1 && atMs < early;
  });
  for (const name of replicas.names) replicas.request(name, idOf("c"), first);
  for (const name of replicas.names) replicas.request(name, idOf("d"), second);
  replicas.at(early, () => replicas.crash(n1));
  replicas.runTo(30_000);
  return {
    broken: replicas.answers.length === 0 ? ["liveness"] : [],
    steps: replicas.steps,
    isRun: false,
  };
}

/** Only n2 has committed, and is cut off; then the others crash. */
function allOthersCrash(rules: PbftRules): SceneOutcome {
  const replicas = new Replicas(rules, ({ atMs, from, to, message }) => {
    if (atMs >= early && (from === n2 || to === n2)) return true;
    return message.type === "commit" && atMs < early && to !== n2;
  });
  for (const name of replicas.names) replicas.request(name, idOf("c"), first);
  replicas.at(early, () => {
    for (const name of [n1, n3, n4]) replicas.crash(name);
    for (const name of [n1, n3, n4]) replicas.restart(name);
    for (const name of [n1, n3, n4]) replicas.request(name, idOf("d"), second);
  });
  replicas.runTo(10_000);
  return forkAmong(replicas, replicas.names);
}

/** n1, which is not run, orders the first request again, behind the second. */
function orderedTwice(rules: PbftRules): SceneOutcome {
  const replicas = new Replicas(rules);
  replicas.crash(n1);
  const writes = [requestOf("c", first), requestOf("d", second), requestOf("c", first)];
  writes.forEach((operation, at) => {
    for (const name of [n2, n3, n4]) replicas.deliver(n1, name, proposed(n1, at + 1, operation));
  });
  replicas.runTo(early);
  const read = { type: "read", key: "x" } as const;
  for (const name of [n2, n3, n4]) replicas.request(name, idOf("e"), read);
  replicas.runTo(10_000);
  const history = new HistoryRecorder();
  for (const [client, value] of [
    ["c", 1],
    ["d", 2],
  ] as const) {
    history.invoke(client, { f: "write", key: "x", value }, 0);
    history.ok(client, undefined, 1);
  }
  const answer = replicas.answerTo(idOf("e"))?.answer;
  history.invoke("e", { f: "read", key: "x", value: null }, 2);
  history.ok("e", answer?.type === "read" ? answer.value : null, 3);
  const operations = operationsOf(history.events);
  if (!operations.ok) throw new Error("the history is wrong");
  const { outcome } = checkLinearizability(operations.value, { model: "cas" });
  const broken = outcome === "linearizable" ? [] : ["linearizability"];
  return { broken, steps: replicas.steps, isRun: false };
}

/** As many collude as the rules claim to tolerate. */
function halfByzantine(rules: PbftRules): SceneOutcome {
  return runByzantine(rules, 3, rules.tolerated(3) === 0 ? {} : { n1: "colluding" });
}

export const scenes: Readonly<Record<string, Scene>> = {
  "quorum-is-majority": (rules) => runByzantine(rules, 7, { n1: "colluding", n2: "colluding" }),
  "half-may-be-byzantine": halfByzantine,
  "prepares-besides-proposal": (rules) => runByzantine(rules, 4, { n4: "silent" }),
  "without-commit": (rules) => onlyOneKnows(rules, "prepare"),
  "signatures-unchecked": forgedNames,
  "second-proposal": twoProposals,
  "new-view-unchecked": falseNewView,
  "prepared-not-shown": (rules) => onlyOneKnows(rules, "commit"),
  "gaps-stay": gap,
  "proofs-in-memory": allOthersCrash,
  "one-answer": (rules) => runByzantine(rules, 4, { n3: "false-answers" }),
  "without-sessions": orderedTwice,
};
