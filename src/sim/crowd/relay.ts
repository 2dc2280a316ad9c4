/**
 * How blocks spread in a crowd: a node announces one, neighbours without it ask, and it uploads.
 */

import type { Random } from "../../primitives/random.ts";
import type { Crowd } from "./crowd.ts";
import type { Graph } from "./graph.ts";
import type { Wheel } from "./wheel.ts";

/** What crosses links, how large it is and how long it takes. Draws are from the sender's stream. */
export interface RelayModel {
  readonly blockSizeBytes: number;
  /** A block whose transactions are only named. @see BIP152 */
  readonly compactSizeBytes: number;
  smallMs(from: number, to: number, random: Random): number;
  /** From the beginning of the upload to the last byte's arrival. */
  uploadMs(from: number, to: number, sizeBytes: number, random: Random): number;
  isCompact(from: number, to: number): boolean;
  /** True if a node has all transactions that a compact block names. @param random the node's. */
  isComplete(node: number, random: Random): boolean;
  /** The size of the transactions that were not. */
  missingSizeBytes(from: number, random: Random): number;
}

export type RelayOptions = {
  readonly crowd: Crowd;
  readonly graph: Graph;
  readonly wheel: Wheel;
  readonly model: RelayModel;
  /** Each node has a stream of its own. */
  readonly randoms: readonly Random[];
};

/** "I have this block." */
const inventory = 0;
/** "Give it to me." */
const request = 1;
/** The whole block, or what was missing of it. */
const whole = 2;
const compact = 3;
/** "Give me the transactions that I lack." */
const requestMissing = 4;
/** An event of the wheel is a word, the block's number times this and the kind, sender, receiver. */
const kinds = 8;

export class Relay {
  readonly #crowd: Crowd;
  readonly #graph: Graph;
  readonly #wheel: Wheel;
  readonly #model: RelayModel;
  readonly #randoms: readonly Random[];
  /** 1 while a node uploads: it does so to one neighbour at a time. */
  readonly #isUploading: Uint8Array;
  /** For each node the requests that wait for an upload, oldest first: word and asker by turns. */
  readonly #waiting: readonly number[][];

  constructor({ crowd, graph, wheel, model, randoms }: RelayOptions) {
    this.#crowd = crowd;
    this.#graph = graph;
    this.#wheel = wheel;
    this.#model = model;
    this.#randoms = randoms;
    this.#isUploading = new Uint8Array(crowd.size);
    this.#waiting = randoms.map(() => []);
  }

  /** Announces a block to all neighbours. */
  announce(node: number, block: number): void {
    const { offsets, neighbours } = this.#graph;
    const end = offsets[node + 1] as number;
    for (let i = offsets[node] as number; i < end; i++) {
      this.#sendSmall(inventory, block, node, neighbours[i] as number);
    }
  }

  /** Delivers a message that has arrived. */
  deliver(word: number, from: number, to: number): void {
    const block = Math.trunc(word / kinds);
    switch (word % kinds) {
      case inventory:
        if (this.#crowd.expect(to, block)) this.#sendSmall(request, block, to, from);
        return;
      case request:
      case requestMissing:
        if (this.#isUploading[to] === 1) this.#waiting[to]?.push(word, from);
        else this.#upload(word, to, from);
        return;
      case whole:
        this.#uploadNext(from);
        this.#crowd.accept(to, block);
        return;
      case compact:
        this.#uploadNext(from);
        if (this.#model.isComplete(to, this.#randomOf(to))) this.#crowd.accept(to, block);
        else this.#sendSmall(requestMissing, block, to, from);
        return;
      default:
        throw new RangeError(`there is no message ${word}`);
    }
  }

  #uploadNext(node: number): void {
    const waiting = this.#waiting[node] as number[];
    const word = waiting.shift();
    const asker = waiting.shift();
    if (word === undefined || asker === undefined) this.#isUploading[node] = 0;
    else this.#upload(word, node, asker);
  }

  /** Answers a request. */
  #upload(word: number, from: number, to: number): void {
    this.#isUploading[from] = 1;
    const block = Math.trunc(word / kinds);
    const random = this.#randomOf(from);
    const isMissing = word % kinds === requestMissing;
    const isCompact = !isMissing && this.#model.isCompact(from, to);
    const { blockSizeBytes, compactSizeBytes } = this.#model;
    const largeBytes = isMissing ? this.#model.missingSizeBytes(from, random) : blockSizeBytes;
    const sizeBytes = isCompact ? compactSizeBytes : largeBytes;
    const delayMs = this.#model.uploadMs(from, to, sizeBytes, random);
    this.#wheel.add(delayMs, block * kinds + (isCompact ? compact : whole), from, to);
  }

  #sendSmall(kind: number, block: number, from: number, to: number): void {
    const delayMs = this.#model.smallMs(from, to, this.#randomOf(from));
    this.#wheel.add(delayMs, block * kinds + kind, from, to);
  }

  #randomOf(node: number): Random {
    return this.#randoms[node] as Random;
  }
}
