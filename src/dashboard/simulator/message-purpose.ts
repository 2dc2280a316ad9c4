/** What the messages of all protocols are for, so that one legend serves them all. */

import type { MessagePurpose } from "./run-record.ts";

const purposes: Readonly<Record<MessagePurpose, readonly string[]>> = {
  asks: ["vote", "campaign", "prepare", "collect", "ask", "view-change", "new-view"],
  carries: [
    ...["append", "accept", "pre-prepare", "copy", "forward", "snapshot", "learn", "decided"],
    ...["pre-commit", "proposal", "state", "decision", "transfer", "change-members", "stable"],
  ],
  "keeps-alive": ["heartbeat", "checkpoint"],
  answers: [
    ...["vote-reply", "append-reply", "heartbeat-reply", "promise", "accepted", "refused"],
    ...["acknowledge", "ready", "report", "reply", "stage", "recovered"],
  ],
  client: ["request", "answer"],
};

/** Words that some protocols have for something else. */
const own: Readonly<Record<string, Readonly<Record<string, MessagePurpose>>>> = {
  "two-phase-commit": { vote: "answers" },
  "two-phase-commit-cooperative": { vote: "answers" },
  "three-phase-commit": { vote: "answers" },
  // The votes of replicas for a proposal.
  pbft: { prepare: "answers", commit: "answers" },
};

/** @param kind as the protocol calls it; what no table has carries something. */
export function purposeOf(protocol: string, kind: string): MessagePurpose {
  const found = (Object.keys(purposes) as MessagePurpose[]).find((purpose) => {
    return purposes[purpose].includes(kind);
  });
  return own[protocol]?.[kind] ?? found ?? "carries";
}
