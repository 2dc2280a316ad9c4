/** Requests over one stream protocol: one request, one answer, and every request gets an answer. */

import { setTimeout as pause } from "node:timers/promises";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { type LengthPrefixedStream, lpStream } from "@libp2p/utils";
import type { PeerId } from "../../primitives/brand.ts";
import { asError } from "../../primitives/error-message.ts";
import type { Gate } from "./gate.ts";
import { peerNamed } from "./identity.ts";
import type { Members } from "./members.ts";
import { AskingQueue, type Pace, ServingQuota } from "./quota.ts";

/** Room for a locator or for the short ids of a full block; bodies travel in answers. */
export const requestBytesMax = 256 * 1024;
/** Room for one block of the greatest weight, or for many small ones. */
export const answerBytesMax = 5_000_000;
/** One write; noise is fastest between 64 and 256 kB, and the next waits until this one is sent. */
const chunkBytes = 128 * 1024;
/** A frame's length prefix and what libp2p reads ahead of us. */
const frameSlackBytes = 64 * 1024;
/**
 * Streams of a protocol on one connection. More than are ever under way, since a stream lingers for
 * a moment after its answer, and libp2p resets one above the limit silently.
 */
const streamsMax = 16;
/** How long a peer may take to send its request after opening a stream. */
const requestReadMs = 3_000;
/** How long we may take to find an answer. */
const answerMs = 15_000;
/** How long one chunk may wait for a slow reader. */
const chunkWriteMs = 20_000;

/** The first byte of an answer; its body follows only after `answered`. */
const statusOf = { answered: 0, busy: 1, failed: 2 } as const;
/** A status byte and the body's size, four bytes, little-endian. */
const answerHeadBytes = 5;

type Answer = { readonly status: number; readonly body: Uint8Array };

export type ExchangeOptions = {
  readonly host: Libp2p;
  readonly protocol: string;
  readonly gate: Gate;
  readonly members: Members;
  readonly pace: Pace;
  readonly serve: (from: PeerId, message: Uint8Array) => Promise<Uint8Array>;
};

/**
 * Sends and serves requests of one protocol.
 *
 * A request is one length-prefixed frame. Its answer is a frame with the head (status, size) and
 * then the body in frames of at most 128 KiB.
 */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #asking = new Map<PeerId, AskingQueue>();
  readonly #serving = new Map<PeerId, ServingQuota>();
  readonly #attempts = new Set<AbortController>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Must run before the host starts, or identify would not list the protocol. */
  async start(): Promise<void> {
    const { host, protocol } = this.#options;
    await host.handle(protocol, (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: streamsMax,
      maxOutboundStreams: streamsMax,
    });
  }

  /** Ends every request that is under way; they reject. */
  stop(): void {
    for (const attempt of this.#attempts) attempt.abort(new Error("the node is stopping"));
  }

  /** Drops what was counted for a peer that has left. */
  forget(peer: PeerId): void {
    this.#serving.delete(peer);
  }

  /**
   * Asks a connected peer and waits for its answer.
   *
   * @throws Error if the peer is not connected, refuses, fails, or is late.
   * @throws RangeError if the request is larger than peers accept.
   */
  async request(to: PeerId, message: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (message.length > requestBytesMax) {
      throw new RangeError(`a request has at most ${requestBytesMax} bytes, not ${message.length}`);
    }
    const attempt = new AbortController();
    const timer = setTimeout(() => {
      attempt.abort(new Error(`no answer from ${to} within ${timeoutMs} ms`));
    }, timeoutMs);
    this.#attempts.add(attempt);
    try {
      return await this.#takeTurn(to, message, attempt.signal);
    } catch (error) {
      if (attempt.signal.aborted) throw attempt.signal.reason;
      throw new Error(`the request to ${to} failed: ${asError(error).message}`, { cause: error });
    } finally {
      clearTimeout(timer);
      this.#attempts.delete(attempt);
    }
  }

  async #takeTurn(to: PeerId, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const queue = this.#asking.get(to) ?? new AskingQueue();
    this.#asking.set(to, queue);
    await queue.enter(signal);
    try {
      return await this.#ask(to, message, signal);
    } finally {
      queue.leave();
      if (queue.isEmpty) this.#asking.delete(to);
    }
  }

  async #ask(to: PeerId, message: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const { gate, protocol } = this.#options;
    if (gate.isLost(to)) await untilAborted(signal);
    const { delayMs } = gate.faultOf(to);
    if (delayMs > 0) await pause(delayMs, undefined, { signal });
    const stream = await this.#connectionTo(to).newStream(protocol, { signal });
    try {
      const frames = lpStream(stream, {
        maxDataLength: chunkBytes,
        maxBufferSize: answerBytesMax + frameSlackBytes,
      });
      await frames.write(message, { signal });
      await stream.close({ signal }); // our half only: the request is complete
      return await readAnswer(frames, signal);
    } catch (error) {
      stream.abort(asError(error));
      throw error;
    }
  }

  /** Never dials: a request may only use a link that is there. */
  #connectionTo(peer: PeerId): Connection {
    const { host, gate } = this.#options;
    const connections = host.getConnections(peerIdFromString(peer));
    const open = connections.find(({ status }) => status === "open");
    if (open === undefined || gate.isDenied(peer)) throw new Error("it is not connected");
    return open;
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const from = peerNamed(connection.remotePeer);
    try {
      const frames = lpStream(stream, {
        maxDataLength: requestBytesMax,
        maxBufferSize: requestBytesMax + frameSlackBytes,
      });
      const quota = this.#quotaOf(from);
      if (quota.enter(performance.now())) {
        try {
          await this.#answer(from, frames);
        } finally {
          quota.leave();
        }
      } else {
        await writeAnswer(frames, { status: statusOf.busy, body: new Uint8Array() });
      }
      await stream.close({ signal: AbortSignal.timeout(chunkWriteMs) });
    } catch (error) {
      stream.abort(asError(error)); // the asker's read rejects at once
    } finally {
      if (!this.#options.members.has(from)) this.forget(from);
    }
  }

  async #answer(from: PeerId, frames: LengthPrefixedStream): Promise<void> {
    const { gate } = this.#options;
    const message = await frames.read({ signal: AbortSignal.timeout(requestReadMs) });
    const answer = await this.#find(from, message.subarray());
    if (gate.isLost(from)) throw new Error("the link lost the answer");
    const { delayMs } = gate.faultOf(from);
    if (delayMs > 0) await pause(delayMs);
    await writeAnswer(frames, answer);
  }

  async #find(from: PeerId, message: Uint8Array): Promise<Answer> {
    const { members, serve } = this.#options;
    if (!(await members.whenJoined(from))) return { status: statusOf.busy, body: new Uint8Array() };
    const late = new AbortController();
    try {
      const body = await Promise.race([
        serve(from, message),
        pause(answerMs, undefined, { signal: late.signal }),
      ]);
      if (body === undefined || body.length > answerBytesMax) throw new Error("no fit answer");
      return { status: statusOf.answered, body };
    } catch {
      return { status: statusOf.failed, body: new Uint8Array() };
    } finally {
      late.abort();
    }
  }

  #quotaOf(peer: PeerId): ServingQuota {
    const quota =
      this.#serving.get(peer) ?? new ServingQuota(this.#options.pace, performance.now());
    this.#serving.set(peer, quota);
    return quota;
  }
}

async function writeAnswer(frames: LengthPrefixedStream, answer: Answer): Promise<void> {
  const { status, body } = answer;
  const head = new Uint8Array(answerHeadBytes);
  head[0] = status;
  new DataView(head.buffer).setUint32(1, body.length, true);
  await frames.write(head, { signal: AbortSignal.timeout(chunkWriteMs) });
  for (let start = 0; start < body.length; start += chunkBytes) {
    const chunk = body.subarray(start, start + chunkBytes);
    await frames.write(chunk, { signal: AbortSignal.timeout(chunkWriteMs) });
  }
}

async function readAnswer(frames: LengthPrefixedStream, signal: AbortSignal): Promise<Uint8Array> {
  const head = (await frames.read({ signal })).subarray();
  if (head.length !== answerHeadBytes) throw new Error("its answer has no head");
  if (head[0] === statusOf.busy) throw new Error("it is too busy for us");
  if (head[0] !== statusOf.answered) throw new Error("it could not answer");
  const sizeBytes = new DataView(head.buffer, head.byteOffset).getUint32(1, true);
  if (sizeBytes > answerBytesMax) throw new Error(`its answer has ${sizeBytes} bytes`);
  const body = new Uint8Array(sizeBytes);
  let filledBytes = 0;
  while (filledBytes < sizeBytes) {
    const chunk = (await frames.read({ signal })).subarray();
    if (chunk.length === 0 || chunk.length > sizeBytes - filledBytes) {
      throw new Error("its answer does not have the size it said");
    }
    body.set(chunk, filledBytes);
    filledBytes += chunk.length;
  }
  return body;
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
