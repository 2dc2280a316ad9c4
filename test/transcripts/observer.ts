/**
 * Watches every node of a world through the port for checks, and finds nothing wrong: it tells when
 * a node starts again, and in the end where each node stands and a digest of all that it sent.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Effect } from "../../src/node/effect.ts";
import { encodeMessage, type Message } from "../../src/peers/message.ts";
import type { PeerId } from "../../src/primitives/brand.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import type { Check, Subject } from "../../src/sim/checks/check.ts";
import type { Write } from "./scenario.ts";

type Sighting = {
  /** In its present life. */
  subject: Subject;
  lives: number;
  steps: number;
  messages: number;
  sizeBytes: number;
  /** Of all messages as they went over the wire, in order; gossip once, not once a neighbour. */
  readonly sent: ReturnType<typeof sha256.create>;
};

/** As wide as the time and the name in a transcript's line. */
const margin = " ".repeat("0000.000 s  ".length + 1);
const nameWidth = 8;
/** Hexadecimal digits of a digest: enough to see a difference. */
const digestLength = 16;

export class Observer implements Check {
  readonly name = "an observer";
  readonly everySteps = 1;
  readonly #write: Write;
  readonly #sightings = new Map<PeerId, Sighting>();

  constructor(write: Write) {
    this.#write = write;
  }

  findViolation(subject: Subject): undefined {
    const sighting = this.#sightingOf(subject);
    sighting.steps += 1;
    if (sighting.subject.node !== subject.node) {
      sighting.lives += 1;
      this.#write(`${margin}${subject.name.padEnd(nameWidth)}  starts again at ${tipOf(subject)}`);
    }
    sighting.subject = subject;
  }

  findBreach(subject: Subject, effect: Effect): undefined {
    const message = messageOf(effect);
    if (message === undefined) return;
    const sighting = this.#sightingOf(subject);
    const bytes = encodeMessage(message);
    sighting.messages += 1;
    sighting.sizeBytes += bytes.length;
    sighting.sent.update(bytes);
  }

  /** Writes where every node stands, and what it sent while it was honest. */
  writeNodes(): void {
    this.#write("");
    this.#write("nodes in the end");
    for (const [name, { subject, lives, steps, messages, sizeBytes, sent }] of this.#sightings) {
      const digest = bytesToHex(sent.digest()).slice(0, digestLength);
      this.#write(`${name.padEnd(nameWidth)}  at ${tipOf(subject)}`);
      this.#write(
        `${" ".repeat(nameWidth)}  lives ${lives}, steps ${steps}, ` +
          `sent ${messages} messages of ${sizeBytes} bytes, sha256 ${digest}`,
      );
    }
  }

  #sightingOf(subject: Subject): Sighting {
    const known = this.#sightings.get(subject.name);
    if (known !== undefined) return known;
    const counts = { lives: 1, steps: 0, messages: 0, sizeBytes: 0 };
    const sighting = { subject, ...counts, sent: sha256.create() };
    this.#sightings.set(subject.name, sighting);
    return sighting;
  }
}

function tipOf({ chain }: Subject): string {
  return `${chain.tip.height} ${chain.tip.hash}`;
}

/** What others hear of an effect, or undefined. */
function messageOf(effect: Effect): Message | undefined {
  switch (effect.type) {
    case "gossip":
      return effect.message;
    case "request":
      return effect.request;
    case "respond":
      return effect.response;
    case "persist":
    case "judge-gossip":
    case "disconnect":
    case "mine":
    case "wake":
    case "answer":
    case "news":
      return undefined;
    default:
      return unreachable(effect);
  }
}
