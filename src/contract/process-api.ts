/** What a live process of a protocol answers over HTTP: its keys, and its own view. */

type Scalar = string | number | boolean | null;

/** The key under which a protocol that decides one value has it. */
export const decisionKey = "decision";

export const processRoutes = {
  value: "/kv/:key",
  compareAndSet: "/kv/:key/cas",
  process: "/v1/process",
} as const;

/** A key with its value, read or just written. */
export type KeyJson = { readonly key: string; readonly value: Scalar };

export type LogCellJson = {
  /** From 1. */
  readonly index: number;
  /** The term, view or ballot that it was made in. */
  readonly era: number;
  readonly command: string;
};

/** One process as it sees itself. */
export type ProcessJson = {
  readonly name: string;
  readonly protocol: string;
  /** All, this one among them. */
  readonly members: readonly string[];
  /** Such as follower, leader, coordinator, participant. */
  readonly role: string;
  /** Term, view, or round of a ballot. */
  readonly era: number;
  /** Whether it leads, as far as it knows. */
  readonly isLeader: boolean;
  readonly votedFor: string | null;
  /** Null where a protocol has none. */
  readonly log: {
    /** What stands before it is in a snapshot. */
    readonly firstIndex: number;
    readonly lastIndex: number;
    readonly committed: number;
    readonly applied: number;
    /** The latest ones. */
    readonly cells: readonly LogCellJson[];
  } | null;
  /** The latest ones, each under its name: a transaction, or the one value. */
  readonly decisions: Readonly<Record<string, Scalar>>;
  /** Names of what it cannot decide alone and has locked until it learns more. */
  readonly blocked: readonly string[];
};
