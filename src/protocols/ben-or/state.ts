/** What a member of Ben-Or's protocol knows, and what of it lasts through a crash. */

import type { Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import type { RequestId } from "../process/key-value.ts";
import type { Disk, ProcessEffect, Setting, Step } from "../process/process.ts";
import type { ProcessView } from "../process/protocol.ts";
import type { Timers } from "../process/timers.ts";
import { decodeRecord, encodeJson } from "../process/wire.ts";
import {
  type BenOrMessage,
  type Bit,
  readBit,
  readBitOrNull,
  type RoundMessage,
} from "./message.ts";
import type { BenOrRules } from "./rules.ts";

export type BenOrOptions = {
  /** A member that has waited so long says again what it said, to those it has not heard. */
  readonly againMs: number;
};

export type BenOrContext = { readonly rules: BenOrRules; readonly options: BenOrOptions };

/** What a member said in a round: it must never say another thing. */
export type Said = {
  readonly report: Bit;
  /** Undefined before it proposes; null if it proposed nothing. */
  readonly proposal?: Bit | null;
};

/** What it heard in a round, from each member; its own word is among them. */
export type Heard = {
  readonly report: Readonly<Record<string, Bit>>;
  readonly proposal: Readonly<Record<string, Bit | null>>;
};

export type BenOrState = {
  readonly setting: Setting;
  /** Of each round, from the first on; the last one goes on. Those behind may ask for any. */
  readonly said: readonly Said[];
  /** By round, of this one and later ones. */
  readonly heard: Readonly<Record<number, Heard>>;
  readonly decision?: { readonly bit: Bit };
  /** Clients that are answered once it is decided. */
  readonly waiting: readonly RequestId[];
  readonly timers: Timers<"again">;
};

export type BenOrNews =
  | { readonly type: "reported"; readonly round: number; readonly bit: Bit }
  | { readonly type: "proposed"; readonly round: number; readonly bit: Bit | null }
  | { readonly type: "tossed"; readonly round: number; readonly bit: Bit }
  | { readonly type: "decided"; readonly bit: Bit };

export type BenOrEffect = ProcessEffect<BenOrMessage, BenOrNews>;
export type BenOrStep = Step<BenOrState, BenOrMessage, BenOrNews>;

/** What is said of so many rounds ahead is not kept; its sender says it again. */
export const roundsAheadMax = 50;

const nothing: Heard = { report: {}, proposal: {} };

export function heardIn({ heard }: BenOrState, round: number): Heard {
  return heard[round] ?? nothing;
}

/** The first word of each member counts; what is over, or too far ahead, is dropped. */
export function withHeard(state: BenOrState, from: PeerId, message: RoundMessage): BenOrState {
  const { type, round, bit } = message;
  const now = state.said.length;
  if (round < now || round > now + roundsAheadMax) return state;
  const heard = heardIn(state, round);
  if (Object.hasOwn(heard[type], from)) return state;
  const next = { ...heard, [type]: { ...heard[type], [from]: bit } };
  return { ...state, heard: { ...state.heard, [round]: next } };
}

/** Nothing of rounds before this one. */
export function withoutOver({ heard }: BenOrState, round: number): BenOrState["heard"] {
  return Object.fromEntries(Object.entries(heard).filter(([of]) => Number(of) >= round));
}

const decisionKey = "decision";

export function startMember(setting: Setting, disk: Disk): BenOrState {
  const decision = disk.get(decisionKey);
  const said = saidOn(disk);
  let state: BenOrState = { setting, said, heard: {}, waiting: [], timers: {} };
  if (decision !== undefined) state = { ...state, decision: { bit: bitIn(decision) } };
  for (const message of messagesOf(state, said.length)) {
    state = withHeard(state, setting.name, message);
  }
  return state;
}

function bitIn(record: Uint8Array): Bit {
  return decodeRecord(record, readBit);
}

function saidOn(disk: Disk): readonly Said[] {
  const said: Said[] = [];
  for (;;) {
    const record = disk.get(keyOf(said.length + 1));
    if (record === undefined) return said;
    said.push(decodeRecord(record, readSaid));
  }
}

function keyOf(round: number): string {
  return `round ${round}`;
}

function readSaid(reader: Parameters<typeof readBit>[0]): Said {
  const fields = reader.object(["report", "proposal"]);
  const proposal = fields.find("proposal");
  return {
    report: readBit(fields.get("report")),
    ...(proposal !== undefined && { proposal: readBitOrNull(proposal) }),
  };
}

/** On disk before it is sent: who forgets it could say another thing. */
export function saidRecord(round: number, said: Said): Write {
  return { type: "put", key: keyOf(round), value: encodeJson(said) };
}

export function decisionRecord(bit: Bit): Write {
  return { type: "put", key: decisionKey, value: encodeJson(bit) };
}

/** What it said in a round, so far. */
export function messagesOf({ said }: BenOrState, round: number): readonly RoundMessage[] {
  const own = said[round - 1];
  if (own === undefined) return [];
  const report: RoundMessage = { type: "report", round, bit: own.report, isAgain: false };
  if (own.proposal === undefined) return [report];
  return [report, { type: "proposal", round, bit: own.proposal, isAgain: false }];
}

export function viewOf({ said, decision }: BenOrState): ProcessView {
  const own = said.at(-1);
  const waits = own?.proposal === undefined ? "reporter" : "proposer";
  return {
    role: decision !== undefined ? "decided" : own === undefined ? "idle" : waits,
    era: said.length,
    isLeader: false,
    decisions: decision === undefined ? {} : { value: decision.bit },
    blocked: [],
  };
}
