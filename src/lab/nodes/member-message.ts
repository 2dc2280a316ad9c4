/** Messages between a lab and a node in a process of its own: plain data over Node's IPC channel. */

import type { EventJson } from "../../contract/node-api.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { MemberActions } from "./member.ts";

export type ActionName = keyof MemberActions;

/** All actions by name; a call of any other is refused. */
export const actionNames = [
  ...([
    "status",
    "measure",
    "dial",
    "cut",
    "heal",
    "slowDown",
    "mine",
    "setHashrate",
    "acceptBlocks",
  ] as const),
  ...(["attack", "attackState", "noteDelivery", "endAttack"] as const),
] satisfies ActionName[];

export type ToMember =
  | {
      readonly type: "call";
      readonly id: number;
      readonly action: ActionName;
      readonly values: readonly unknown[];
    }
  | { readonly type: "stop" };

export type FromMember =
  | {
      readonly type: "ready";
      readonly peerId: PeerId;
      readonly listen: readonly string[];
      readonly api: string;
    }
  /** It could not start. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly reason: string }
  | { readonly type: "news"; readonly news: EventJson; readonly isSecret: boolean }
  | { readonly type: "failed"; readonly reason: string };
