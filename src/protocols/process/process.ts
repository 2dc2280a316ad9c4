/** The border of a process: what can happen to it, and what it asks its host to do. */

import type { Persist, Wake } from "../../machine/machine.ts";
import type { Key } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import type { Random } from "../../primitives/random.ts";
import type { Answer, Command, RequestId } from "./key-value.ts";
import type { Signatures } from "./signatures.ts";

/** A client asks. */
export type Requested = {
  readonly type: "requested";
  readonly id: RequestId;
  readonly command: Command;
  /** The client's, over `requestText`; protocols that trust every process need none. */
  readonly signature?: string;
};

/** What can happen to a process. */
export type ProcessEvent<M> =
  /** The first of every life. What the state holds then is what `start` read from the disk. */
  | { readonly type: "started" }
  | { readonly type: "received"; readonly from: PeerId; readonly message: M }
  /** Bytes came that are no message of this protocol. */
  | { readonly type: "malformed"; readonly from: PeerId; readonly problem: string }
  | Requested
  /** The time of a `wake` has come; it may also come at any other time. */
  | { readonly type: "woken" };

/** Carried out strictly in order: what stands behind a `persist` waits until it is on disk. */
export type ProcessEffect<M, N> =
  | Persist
  | Wake
  | { readonly type: "send"; readonly to: PeerId; readonly message: M }
  | { readonly type: "answer"; readonly id: RequestId; readonly answer: Answer }
  /** For checks, transcripts and pictures; no process reads it. */
  | { readonly type: "news"; readonly news: N };

/** What a step may use besides state and event. */
export type Moment = {
  /** Of a clock that is never set, and may run fast or slow: it measures spans. */
  readonly now: Elapsed;
  /** For election time-outs, back-off and coins only; no part of the state. */
  readonly random: Random;
  /** Left out where no protocol is run that signs. */
  readonly signatures?: Signatures;
};

export type Step<S, M, N> = {
  readonly state: S;
  readonly effects: readonly ProcessEffect<M, N>[];
};

/** What a process is told when it is made. */
export type Setting = {
  readonly name: PeerId;
  /** All processes, this one among them, in the same order everywhere. */
  readonly members: readonly PeerId[];
};

/** The durable records that a life begins with. */
export type Disk = {
  readonly get: (key: Key) => Uint8Array | undefined;
};

/** The other members, in their order. */
export function othersOf({ name, members }: Setting): readonly PeerId[] {
  return members.filter((member) => member !== name);
}
