/** The simulated network: links that carry bytes, requests that may fail, gossip by flooding. */

import type { NodeEvent } from "../../node/event.ts";
import type { GossipVerdict } from "../../node/effect.ts";
import {
  decodeMessage,
  encodeMessage,
  type Gossip,
  type Message,
  type Request,
  type RequestId,
  type Response,
} from "../../peers/message.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { bytesToHex } from "../../primitives/bytes.ts";
import { sha256 } from "../../primitives/hash.ts";
import type { Random } from "../../primitives/random.ts";
import type { Clock } from "../engine/clock.ts";
import { defaultLaw, Link, type LinkLaw } from "../engine/link.ts";

/** A gossiped message on its way, with who handed it on. */
export type Frame = {
  readonly id: string;
  /** As it was decoded; undefined if it does not decode. */
  readonly message: Gossip | undefined;
  readonly sizeBytes: number;
  readonly from: PeerId;
};

/** What a node does with an event; gossip comes with the frame to be judged. */
export type Receive = (event: NodeEvent, frame?: Frame) => void;

type Station = {
  readonly receive: Receive;
  /** Gossip that was here already, oldest first. */
  readonly seen: Set<string>;
};

/** Links that are cut together, until they are mended together. */
export type Cut = { readonly links: readonly Link[] };

/** A message as the other end will see it, and what it weighs. */
type Parcel<T extends Message> = { readonly arrived: T | undefined; readonly sizeBytes: number };

type Question = { readonly asker: PeerId; readonly id: RequestId; readonly link: Link };

/** Gossip that a node remembers having seen. */
const seenMax = 4_096;
/** How long it takes to notice that a request or its response got lost. */
const requestTimeoutMs = 5_000;
/** How long it takes until a link that one end closed is opened again. */
const reopenMs = 1_000;

export class Network {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #links: Link[] = [];
  readonly #linksOf = new Map<PeerId, Link[]>();
  readonly #stations = new Map<PeerId, Station>();
  readonly #cuts = new Set<Cut>();
  readonly #closedUntilMs = new Map<Link, number>();
  readonly #questions = new Map<string, Question>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get links(): readonly Link[] {
    return this.#links;
  }

  /** Makes a link between two nodes, which opens as soon as both are there. */
  connect(a: PeerId, b: PeerId, law: LinkLaw = defaultLaw): Link {
    if (a === b || this.#linkBetween(a, b)) throw new Error(`${a} and ${b} cannot be linked`);
    const link = new Link([a, b], law, this.#clock, this.#random.fork(`${a}-${b}`));
    this.#links.push(link);
    for (const end of link.ends) this.#linksOf.set(end, [...this.#around(end), link]);
    this.#refresh(link);
    return link;
  }

  /** A node is there, and remembers nothing. */
  attach(name: PeerId, receive: Receive): void {
    this.#stations.set(name, { receive, seen: new Set() });
    for (const link of this.#around(name)) this.#refresh(link);
  }

  /** A node is gone, without a word. */
  detach(name: PeerId): void {
    this.#stations.delete(name);
    for (const link of this.#around(name)) this.#refresh(link);
  }

  /** Cuts every link between nodes of different groups. */
  split(groups: readonly (readonly PeerId[])[]): Cut {
    const groupOf = (end: PeerId) => groups.findIndex((group) => group.includes(end));
    return this.cut(this.#links.filter(({ ends: [a, b] }) => groupOf(a) !== groupOf(b)));
  }

  /** Closes links; each opens again when every cut that it is part of is mended. */
  cut(links: readonly Link[]): Cut {
    const cut = { links };
    this.#cuts.add(cut);
    for (const link of links) this.#refresh(link);
    return cut;
  }

  mend(cut: Cut): void {
    this.#cuts.delete(cut);
    for (const link of cut.links) this.#refresh(link);
  }

  /** Mends every cut. */
  heal(): void {
    this.#cuts.clear();
    for (const link of this.#links) this.#refresh(link);
  }

  /** One end does not want the other any more. */
  disconnect(name: PeerId, peer: PeerId, banMs: number): void {
    const link = this.#linkBetween(name, peer);
    if (link === undefined) return;
    const waitMs = Math.max(banMs, reopenMs);
    this.#closedUntilMs.set(link, this.#clock.elapsedMs + waitMs);
    this.#refresh(link);
    this.#clock.after(waitMs, () => this.#refresh(link));
  }

  request(asker: PeerId, to: PeerId, id: RequestId, request: Request): void {
    const link = this.#linkBetween(asker, to);
    if (link?.isOpen !== true) {
      this.#clock.after(0, () => this.#deliver(asker, { type: "request-failed", from: to, id }));
      return;
    }
    this.#questions.set(questionName(asker, to, id), { asker, id, link });
    this.#carry(link, asker, id, request, (arrived) => {
      this.#deliver(to, { type: "request", from: asker, id, request: arrived });
    });
  }

  respond(from: PeerId, to: PeerId, id: RequestId, response: Response): void {
    const question = this.#questions.get(questionName(to, from, id));
    if (question === undefined) return;
    this.#carry(question.link, from, id, response, (arrived) => {
      this.#questions.delete(questionName(to, from, id));
      this.#deliver(to, { type: "response", from, id, response: arrived });
    });
  }

  /** Sends a message of a node's own to all its neighbours. */
  gossip(from: PeerId, message: Gossip): void {
    const bytes = encodeMessage(message);
    const id = bytesToHex(sha256(bytes));
    if (!this.#notice(from, id)) return;
    const { arrived, sizeBytes } = parcelOf(message, bytes);
    this.#flood({ id, message: arrived, sizeBytes, from }, from);
  }

  /** What becomes of gossip once it is judged. */
  judge(name: PeerId, frame: Frame, verdict: GossipVerdict): void {
    if (verdict === "accept") this.#flood({ ...frame, from: name }, frame.from);
  }

  #flood(frame: Frame, except: PeerId): void {
    for (const link of this.#around(frame.from)) {
      const to = link.otherEnd(frame.from);
      if (to === except) continue;
      link.cross(frame.from, frame.sizeBytes, () => this.#hear(to, frame));
    }
  }

  #hear(name: PeerId, frame: Frame): void {
    if (!this.#notice(name, frame.id)) return;
    const { from, message } = frame;
    if (message === undefined) this.#deliver(name, { type: "malformed", from });
    else this.#deliver(name, { type: "gossip", from, message }, frame);
  }

  /** True if a node meets this gossip for the first time. */
  #notice(name: PeerId, id: string): boolean {
    const seen = this.#stations.get(name)?.seen;
    if (seen === undefined || seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= seenMax) break;
      seen.delete(oldest);
    }
    return true;
  }

  /** Carries one half of a question over its link. */
  #carry<T extends Request | Response>(
    link: Link,
    from: PeerId,
    id: RequestId,
    message: T,
    arrive: (arrived: T) => void,
  ): void {
    const to = link.otherEnd(from);
    const { arrived, sizeBytes } = parcelOf(message, encodeMessage(message));
    const crossing = link.cross(from, sizeBytes, () => {
      if (arrived === undefined) this.#deliver(to, { type: "malformed", from });
      else arrive(arrived);
    });
    if (crossing === "under-way") return;
    const name = message.type.startsWith("get-")
      ? questionName(from, to, id)
      : questionName(to, from, id);
    link.whileOpen(requestTimeoutMs, () => this.#fail(name));
  }

  #fail(name: string): void {
    const question = this.#questions.get(name);
    if (question === undefined) return;
    const { asker, id, link } = question;
    this.#questions.delete(name);
    this.#deliver(asker, { type: "request-failed", from: link.otherEnd(asker), id });
  }

  /** Opens a link that nothing keeps closed, or closes it, and tells both ends. */
  #refresh(link: Link): void {
    const isWanted =
      !this.#isCut(link) &&
      link.ends.every((end) => this.#stations.has(end)) &&
      this.#clock.elapsedMs >= (this.#closedUntilMs.get(link) ?? 0);
    if (isWanted === link.isOpen) return;
    if (isWanted) {
      link.open();
      link.whileOpen(link.law.latencyMinMs, () => this.#tellEnds(link, "peer-joined"));
      return;
    }
    link.close();
    this.#clock.after(0, () => {
      for (const [name, question] of this.#questions) if (question.link === link) this.#fail(name);
      this.#tellEnds(link, "peer-left");
    });
  }

  #isCut(link: Link): boolean {
    for (const { links } of this.#cuts) if (links.includes(link)) return true;
    return false;
  }

  #tellEnds(link: Link, type: "peer-joined" | "peer-left"): void {
    for (const end of link.ends) this.#deliver(end, { type, peer: link.otherEnd(end) });
  }

  #deliver(name: PeerId, event: NodeEvent, frame?: Frame): void {
    this.#stations.get(name)?.receive(event, frame);
  }

  #around(name: PeerId): readonly Link[] {
    return this.#linksOf.get(name) ?? [];
  }

  #linkBetween(a: PeerId, b: PeerId): Link | undefined {
    return this.#around(a).find((link) => link.otherEnd(a) === b);
  }
}

function questionName(asker: PeerId, to: PeerId, id: RequestId): string {
  return `${asker} ${to} ${id}`;
}

/** What the other end makes of a message: it crosses as bytes. */
function parcelOf<T extends Message>(message: T, bytes: Uint8Array): Parcel<T> {
  const read = decodeMessage(bytes);
  const isSame = read.ok && read.value.type === message.type;
  return { arrived: isSame ? (read.value as T) : undefined, sizeBytes: bytes.length };
}
