/** What a cluster of live processes tells and accepts: the lines of its timeline, its levers. */

import type { Milliseconds, PeerId } from "../primitives/brand.ts";
import type { Groups } from "./network.ts";

/** Below the control URL. Those that change something need the token. */
export const clusterRoutes = {
  cluster: "/",
  partition: "/levers/partition",
  heal: "/levers/heal",
  delay: "/levers/delay",
  kill: "/levers/kill",
  restart: "/levers/restart",
} as const;

/** One process. */
export type ClusterNodeCard = {
  readonly name: string;
  /** Where it answers clients: /kv/… and /v1/process. */
  readonly url: string;
  /** A multiaddr: where the other processes reach it. */
  readonly peer: string;
  readonly peerId: PeerId;
  /** 64 hex digits (BIP340): what it signs with, where its protocol signs. */
  readonly publicKey: string;
  readonly pid: number;
};

/** What a process is at a moment. */
export type Standing = {
  readonly role: string;
  /** Term, view, or round of a ballot. */
  readonly era: number;
  readonly isLeader: boolean;
};

type Run = {
  readonly version: string;
  readonly protocol: string;
  /** Null for the protocol as it should be. */
  readonly mutant: string | null;
  readonly seed: string;
};

/** What clients were answered, and whether that can be explained. */
export type ClusterVerdict = {
  readonly type: "verdict";
  readonly outcome: "holds" | "broken" | "undecided";
  /** What was judged, such as linearizability. */
  readonly promises: readonly string[];
  /** Which promise is broken, or why it could not be judged; null if all hold. */
  readonly broken: { readonly promise: string; readonly message: string } | null;
  readonly asked: number;
  readonly answered: number;
  readonly aborted: number;
  /** Without an answer in time. */
  readonly unknown: number;
  /** The longest time in which no request was answered. */
  readonly longestPauseMs: number;
  readonly durationSeconds: number;
  readonly timeline: string;
};

export type ClusterFacts =
  /** The first line, before any process is up. */
  | ({
      readonly type: "opening";
      readonly kind: "protocol";
      readonly url: string;
      readonly nodes: readonly { readonly name: string }[];
    } & Run)
  /** All processes are up and may reach each other; clients begin. */
  | ({
      readonly type: "started";
      /** Where its levers are. */
      readonly control: string;
      readonly nodes: readonly ClusterNodeCard[];
      readonly data: string;
      readonly timeline: string;
    } & Run)
  /** What a process tells of itself; only in the timeline, because there is much of it. */
  | {
      readonly type: "news";
      readonly node: string;
      /** The protocol's own word for it. */
      readonly kind: string;
      /** The process is the subject. */
      readonly text: string;
    }
  /** It has come to lead in this era, as far as it knows. */
  | { readonly type: "leads"; readonly node: string; readonly era: number }
  | {
      readonly type: "request";
      readonly client: string;
      readonly outcome: "answered" | "aborted" | "unknown";
      readonly latencyMs: number;
      /** What was asked, and how it ended. */
      readonly text: string;
    }
  /** Something was broken on purpose, by a schedule or a lever. */
  | { readonly type: "fault"; readonly verb: string; readonly text: string }
  | { readonly type: "fault-over"; readonly verb: string; readonly text: string }
  | { readonly type: "node-up"; readonly node: string; readonly pid: number }
  /** It was killed on purpose; of one that fails by itself there is `node-failed`. */
  | { readonly type: "node-down"; readonly node: string }
  | { readonly type: "node-failed"; readonly node: string; readonly reason: string }
  | ClusterVerdict;

export type ClusterEvent = ClusterFacts & { readonly at: Milliseconds };

export type ClusterNodeJson = ClusterNodeCard & {
  /** Null while it is down. */
  readonly standing: Standing | null;
};

export type ClusterJson = Run & {
  readonly nodes: readonly ClusterNodeJson[];
  /** By a lever; null if there is none. */
  readonly partition: Groups | null;
  readonly timeline: string;
};
