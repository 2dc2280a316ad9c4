/** The simulated network: links that carry bytes, requests that may fail, gossip by flooding. */

import type { GossipVerdict } from "../../node/effect.ts";
import type { NodeEvent } from "../../node/event.ts";
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
import type { Link } from "../engine/link.ts";
import { Links, type LinkUser } from "../engine/links.ts";

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

/** A message as the other end will see it, and what it weighs. */
type Parcel<T extends Message> = { readonly arrived: T | undefined; readonly sizeBytes: number };

type Question = { readonly asker: PeerId; readonly id: RequestId; readonly link: Link };

/** Gossip that a node remembers having seen. */
const seenMax = 4_096;
/** How long it takes to notice that a request or its response got lost. */
const requestTimeoutMs = 5_000;

export class Network implements LinkUser {
  readonly links: Links;
  readonly #clock: Clock;
  readonly #stations = new Map<PeerId, Station>();
  readonly #questions = new Map<string, Question>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.links = new Links(clock, random, this);
  }

  /** A node has started, with an empty memory. */
  attach(name: PeerId, receive: Receive): void {
    this.#stations.set(name, { receive, seen: new Set() });
    this.links.arrive(name);
  }

  /** A node has stopped, without a message. */
  detach(name: PeerId): void {
    this.#stations.delete(name);
    this.links.leave(name);
  }

  /** Both ends are notified of a link that opens. */
  opened(link: Link): void {
    this.#tellEnds(link, "peer-joined");
  }

  /** Requests over it fail, and then both ends are notified. */
  closed(link: Link): void {
    for (const [name, question] of this.#questions) if (question.link === link) this.#fail(name);
    this.#tellEnds(link, "peer-left");
  }

  request(asker: PeerId, to: PeerId, id: RequestId, request: Request): void {
    const link = this.links.between(asker, to);
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

  /** Relays gossip, or not, once it is judged. */
  judge(name: PeerId, frame: Frame, verdict: GossipVerdict): void {
    if (verdict === "accept") this.#flood({ ...frame, from: name }, frame.from);
  }

  #flood(frame: Frame, except: PeerId): void {
    for (const link of this.links.around(frame.from)) {
      const to = link.otherEnd(frame.from);
      if (to === except) continue;
      link.cross(frame.from, frame.sizeBytes, () => this.#receive(to, frame));
    }
  }

  #receive(name: PeerId, frame: Frame): void {
    if (!this.#notice(name, frame.id)) return;
    const { from, message } = frame;
    if (message === undefined) this.#deliver(name, { type: "malformed", from });
    else this.#deliver(name, { type: "gossip", from, message }, frame);
  }

  /** True if a node receives this gossip for the first time. */
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

  #tellEnds(link: Link, type: "peer-joined" | "peer-left"): void {
    for (const end of link.ends) this.#deliver(end, { type, peer: link.otherEnd(end) });
  }

  #deliver(name: PeerId, event: NodeEvent, frame?: Frame): void {
    this.#stations.get(name)?.receive(event, frame);
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
