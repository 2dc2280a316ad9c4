/** How a replica may be byzantine beyond what fits every protocol: it says what it has no right to say. */

import type { PeerId } from "../../primitives/brand.ts";
import type { Behaviour, BehaviourPlace, ByzantineFilter } from "../process/behaviour.ts";
import type { ProcessMachine, ProcessMachineEffect } from "../process/process-machine.ts";
import { decodeJson, encodeJson } from "../process/wire.ts";
import {
  checkpointText,
  digestOf,
  newViewText,
  phaseText,
  primaryOf,
  viewChangeText,
} from "./certificate.ts";
import { type Operation, type PbftMessage, type Prepared, readMessage } from "./message.ts";

type Filtered = Parameters<ByzantineFilter["filter"]>;

export const pbftBehaviours: readonly Behaviour[] = [
  {
    name: "equivocating",
    does: "proposes and votes for one operation to some, and for a no-op to the others",
    create: (place) => new Rewriting(place, equivocate),
  },
  {
    name: "wrong-digest",
    does: "signs digests of something else",
    create: (place) => new Rewriting(place, falsifyDigest),
  },
  {
    name: "forged-view-change",
    does: "wants other views without a cause, and shows forged proofs",
    create: (place) => new ForgedViewChange(place),
  },
  {
    name: "colluding",
    does: "as primary or for one of its kind, supports two operations for one number",
    create: (place) => new Rewriting(place, collude),
  },
];

/** What goes to one process in place of an honest message; the same object if nothing is changed. */
type Rewrite = (message: PbftMessage, to: PeerId, place: BehaviourPlace) => PbftMessage;

class Rewriting implements ByzantineFilter {
  deviations = 0;
  protected readonly place: BehaviourPlace;
  readonly #rewrite: Rewrite;

  constructor(place: BehaviourPlace, rewrite: Rewrite) {
    this.place = place;
    this.#rewrite = rewrite;
  }

  filter(...[effects]: Filtered): readonly ProcessMachineEffect[] {
    return effects.map((effect) => {
      if (effect.type !== "send") return effect;
      const decoded = decodeJson(effect.message, readMessage);
      if (!decoded.ok) throw new Error(`an honest replica sends ${decoded.problem}`);
      const message = this.#rewrite(decoded.value, effect.to, this.place);
      if (message === decoded.value) return effect;
      this.deviations += 1;
      return { ...effect, message: encodeJson(message) };
    });
  }
}

const noOp: Operation = { type: "no-op" };

/** The same statement about a no-op, signed anew. */
function aboutNoOp(message: PbftMessage, place: BehaviourPlace): PbftMessage {
  const isStatement = isProposalOrVote(message);
  if (!isStatement || message.digest === digestOf(noOp)) return message;
  const other = withDigest(message, digestOf(noOp), place);
  return other.type === "pre-prepare" ? { ...other, operation: noOp } : other;
}

type ProposalOrVote = Extract<PbftMessage, { type: "pre-prepare" | "prepare" | "commit" }>;

function isProposalOrVote(message: PbftMessage): message is ProposalOrVote {
  const { type } = message;
  return type === "pre-prepare" || type === "prepare" || type === "commit";
}

function withDigest(
  message: ProposalOrVote,
  digest: string,
  { signatures }: BehaviourPlace,
): ProposalOrVote {
  const signature = signatures.sign(phaseText(message.type, { ...message, digest }));
  return { ...message, digest, signature };
}

/** Every second one of the others; byzantine ones learn the operation itself. */
function isToldOtherwise(to: PeerId, { members, accomplices }: BehaviourPlace): boolean {
  const honest = members.filter((member) => !accomplices.includes(member));
  return honest.indexOf(to) % 2 === 1;
}

function equivocate(message: PbftMessage, to: PeerId, place: BehaviourPlace): PbftMessage {
  return isToldOtherwise(to, place) ? aboutNoOp(message, place) : message;
}

/** Where an honest primary leads, there is nothing to support. */
function collude(message: PbftMessage, to: PeerId, place: BehaviourPlace): PbftMessage {
  if (!("view" in message) || !place.accomplices.includes(primaryOf(message.view, place.members))) {
    return message;
  }
  return equivocate(message, to, place);
}

function falsifyDigest(message: PbftMessage, _: PeerId, place: BehaviourPlace): PbftMessage {
  const { signatures, name } = place;
  const digest = digestOf({
    ...{ type: "request", id: { client: name, number: 1 }, signature: "" },
    command: { type: "write", key: name, value: "wrong" },
  });
  if (isProposalOrVote(message)) return withDigest(message, digest, place);
  if (message.type !== "checkpoint") return message;
  const signature = signatures.sign(checkpointText({ ...message, digest }));
  return { ...message, digest, signature };
}

/** Between two view changes without a cause. */
const forgeEveryMs = 700;

class ForgedViewChange extends Rewriting {
  #nextAt = 0;

  constructor(place: BehaviourPlace) {
    super(place, (message) => forgeProofs(message, place));
  }

  override filter(...[effects, machine, now]: Filtered): readonly ProcessMachineEffect[] {
    const filtered = super.filter(effects, machine, now);
    if (now.elapsed < this.#nextAt) return filtered;
    this.#nextAt = now.elapsed + forgeEveryMs;
    const message = encodeJson(this.#withoutCause(machine));
    const others = this.place.members.filter((member) => member !== this.place.name);
    this.deviations += others.length;
    return [...filtered, ...others.map((to) => ({ type: "send", to, message }) as const)];
  }

  #withoutCause({ view }: ProcessMachine): PbftMessage {
    const { signatures, name } = this.place;
    const stable = { number: 0, digest: "", checkpoints: [] };
    const number = (view.log?.committed ?? 0) + 1;
    const prepared = [forgedProof(view.era, number, this.place)];
    const content = { view: view.era + 1, stable, prepared };
    const signature = signatures.sign(viewChangeText(content));
    return { type: "view-change", ...content, signer: name, signature };
  }
}

/** In place of what was prepared it shows no-ops, and proposes them as a primary. */
function forgeProofs(message: PbftMessage, place: BehaviourPlace): PbftMessage {
  const { signatures } = place;
  if (message.type === "view-change") {
    const prepared = message.prepared.map(({ view, number }) => forgedProof(view, number, place));
    const content = { view: message.view, stable: message.stable, prepared };
    return { ...message, ...content, signature: signatures.sign(viewChangeText(content)) };
  }
  if (message.type === "new-view") {
    const { view, viewChanges } = message;
    const digest = digestOf(noOp);
    const proposals = message.proposals.map(({ number }) => {
      const signature = signatures.sign(phaseText("pre-prepare", { view, number, digest }));
      return { number, digest, signature };
    });
    const content = { view, viewChanges, proposals };
    return { type: message.type, ...content, signature: signatures.sign(newViewText(content)) };
  }
  return message;
}

/** A no-op that was never proposed, with its own signature in the names of the others. */
function forgedProof(
  view: number,
  number: number,
  { members, name, signatures }: BehaviourPlace,
): Prepared {
  const content = { view, number, digest: digestOf(noOp) };
  const signature = signatures.sign(phaseText("pre-prepare", content));
  const others = members.filter((member) => member !== name);
  const forged = signatures.sign(phaseText("prepare", content));
  const prepares = others.map((signer) => ({ signer, signature: forged }));
  return { ...content, operation: noOp, signature, prepares };
}
