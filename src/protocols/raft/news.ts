/** What happens inside a process of Raft, and its words. */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { RaftMessage } from "./message.ts";
import type { Role } from "./rules.ts";

export type RaftNews =
  | { readonly type: "role-changed"; readonly role: Role; readonly term: number }
  | { readonly type: "voted"; readonly candidate: PeerId; readonly term: number }
  | { readonly type: "quorum-lost"; readonly term: number }
  | { readonly type: "committed"; readonly index: number; readonly term: number }
  | { readonly type: "applied"; readonly index: number; readonly command: string }
  | { readonly type: "log-cut"; readonly from: number; readonly to: number }
  | { readonly type: "snapshot-taken"; readonly index: number }
  | { readonly type: "snapshot-installed"; readonly index: number }
  | { readonly type: "members-changed"; readonly members: readonly PeerId[] }
  | { readonly type: "transfer-began"; readonly to: PeerId };

/** The process is the subject. */
export function tellNews(news: RaftNews): string {
  switch (news.type) {
    case "role-changed":
      return `becomes ${news.role} in term ${news.term}`;
    case "voted":
      return `votes for ${news.candidate} in term ${news.term}`;
    case "quorum-lost":
      return `leads term ${news.term} without a majority`;
    case "committed":
      return `knows entry ${news.index} to be committed`;
    case "applied":
      return `applies entry ${news.index}: ${news.command === "" ? "nothing" : news.command}`;
    case "log-cut":
      return `drops entries ${news.from} to ${news.to}, which the leader does not have`;
    case "snapshot-taken":
      return `takes a snapshot at entry ${news.index}`;
    case "snapshot-installed":
      return `installs a snapshot of entry ${news.index}`;
    case "members-changed":
      return `counts as members ${news.members.join(" ")}`;
    case "transfer-began":
      return `asks ${news.to} to campaign`;
    default:
      return unreachable(news);
  }
}

export function describeMessage(message: RaftMessage): string {
  switch (message.type) {
    case "vote":
      return `${message.isPre ? "pre-vote" : "vote"} of term ${message.term}?`;
    case "vote-reply": {
      const what = message.isPre ? "pre-vote" : "vote";
      return `${message.isGranted ? "" : "no "}${what} in term ${message.term}`;
    }
    case "append": {
      const { previousIndex: index, entries, term } = message;
      const last = index + entries.length;
      if (entries.length === 0) return `append nothing behind ${index} in term ${term}`;
      return `append ${index + 1}${entries.length > 1 ? `..${last}` : ""} of term ${term}`;
    }
    case "append-reply":
      return message.isAccepted ? `has up to ${message.index}` : `lacks ${message.index}`;
    case "heartbeat":
      return `heartbeat of term ${message.term}`;
    case "heartbeat-reply":
      return `heartbeat's reply in term ${message.term}`;
    case "snapshot":
      return `snapshot of entry ${message.snapshot.index}`;
    case "campaign":
      return `campaign after term ${message.term}`;
    case "transfer":
      return `transfer to ${message.to}`;
    case "change-members":
      return `${message.change} ${message.member}`;
    default:
      return unreachable(message);
  }
}
