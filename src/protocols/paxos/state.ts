/** What a member knows as proposer, acceptor and learner of one decision. */

import type { Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { RequestId, Value } from "../process/key-value.ts";
import type { Disk, ProcessEffect, Setting, Step } from "../process/process.ts";
import type { ProcessView } from "../process/protocol.ts";
import type { Timers } from "../process/timers.ts";
import { decodeRecord, encodeJson, readValue } from "../process/wire.ts";
import { type Ballot, noBallot, readBallot } from "./ballot.ts";
import { type Accepted, type PaxosMessage, readAccepted } from "./message.ts";
import type { PaxosRules, Promised } from "./rules.ts";

export type PaxosOptions = {
  /** Who proposes what clients ask for: the member that is asked, or the first one only. */
  readonly proposer: "asked" | "first";
  /** Does a proposer tell all others what was decided? If not, they learn it when they ask. */
  readonly announces: boolean;
  /** How long a proposer waits for a quorum before it tries a higher ballot. */
  readonly retryMs: number;
  /** A refused proposer waits from 0 up to this, at random, before it tries a higher ballot. */
  readonly backoffMs: number;
  /** Between two questions of an acceptor that does not know the decision. */
  readonly askMs: number;
};

export type PaxosContext = { readonly rules: PaxosRules; readonly options: PaxosOptions };

/** What lasts through a crash: without it a promise would be no promise. */
export type Acceptor = { readonly promised: Ballot; readonly accepted?: Accepted };

/** The ballot that a proposer has under way. */
export type Proposal = {
  readonly ballot: Ballot;
  readonly phase: "preparing" | "accepting" | "refused";
  readonly promises: readonly Promised[];
  /** Of the second phase. */
  readonly value?: Value;
  readonly acceptedBy: readonly PeerId[];
};

export type PaxosTimer = "retry" | "ask";

export type PaxosState = {
  readonly setting: Setting;
  readonly acceptor: Acceptor;
  /** The value that the first client asked for. */
  readonly own?: { readonly value: Value };
  readonly proposal?: Proposal;
  readonly decision?: { readonly value: Value };
  /** Clients that are answered once it is decided. */
  readonly waiting: readonly RequestId[];
  /** The highest round that a refusal named. */
  readonly highestSeen: number;
  /** Whom it asks next for the decision: it goes round all others. */
  readonly asked: number;
  readonly timers: Timers<PaxosTimer>;
};

export type PaxosNews =
  | { readonly type: "promised"; readonly ballot: Ballot }
  | { readonly type: "accepted"; readonly ballot: Ballot; readonly value: Value }
  | { readonly type: "decided"; readonly value: Value };

export type PaxosEffect = ProcessEffect<PaxosMessage, PaxosNews>;
export type PaxosStep = Step<PaxosState, PaxosMessage, PaxosNews>;

const [acceptorKey, decisionKey] = ["acceptor", "decision"] as const;

export function startMember(setting: Setting, disk: Disk): PaxosState {
  const [acceptor, decision] = [disk.get(acceptorKey), disk.get(decisionKey)];
  return {
    setting,
    acceptor: acceptor === undefined ? { promised: noBallot } : readAcceptor(acceptor),
    ...(decision === undefined ? {} : { decision: { value: decodeRecord(decision, readValue) } }),
    waiting: [],
    highestSeen: 0,
    asked: 0,
    timers: {},
  };
}

function readAcceptor(bytes: Uint8Array): Acceptor {
  return decodeRecord(bytes, (reader) => {
    const fields = reader.object(["promised", "accepted"]);
    const accepted = fields.find("accepted");
    return {
      promised: readBallot(fields.get("promised")),
      ...(accepted === undefined ? {} : { accepted: readAccepted(accepted) }),
    };
  });
}

export function acceptorRecord(acceptor: Acceptor): Write {
  return { type: "put", key: acceptorKey, value: encodeJson(acceptor) };
}

/** Kept so that a learner need not learn twice; nothing would break without it. */
export function decisionRecord(value: Value): Write {
  return { type: "put", key: decisionKey, value: encodeJson(value) };
}

export function viewOf({ acceptor, proposal, decision, setting }: PaxosState): ProcessView {
  const isLeader = decision === undefined && proposal?.phase === "accepting";
  const isProposer = decision === undefined && proposal !== undefined;
  const { round, name } = acceptor.promised;
  return {
    role: decision !== undefined ? "learner" : isProposer ? "proposer" : "acceptor",
    era: round,
    isLeader,
    ...(setting.members.includes(name) ? { votedFor: name } : {}),
    decisions: decision === undefined ? {} : { value: decision.value },
    blocked: [],
  };
}
