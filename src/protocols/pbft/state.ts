/** What a replica knows, and which of it its disk holds. */

import type { Key, Write } from "../../machine/store.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { emptyKeyValue, type KeyValueState } from "../process/key-value.ts";
import type { Disk, Setting } from "../process/process.ts";
import type { LogCell, ProcessView } from "../process/protocol.ts";
import { noDecisions, nothingBlocked, remembering } from "../process/shared-view.ts";
import type { Timers } from "../process/timers.ts";
import { decodeRecord, encodeJson, readCount, readKeyValue } from "../process/wire.ts";
import { digestOfData, primaryOf } from "./certificate.ts";
import {
  type Committed,
  type NewView,
  type Operation,
  type Prepared,
  type Proposal,
  readCommitted,
  readNewView,
  readPrepared,
  readProposal,
  readStable,
  type SignedBy,
  type Stable,
  textOf,
  type ViewChange,
  type Vote,
} from "./message.ts";

export type PbftOptions = {
  /** K: after so many operations there is a checkpoint. A log has at most 2K numbers. */
  readonly checkpointEvery: number;
  /** What was asked must be carried out within so long; twice as long in each view without success. */
  readonly progressMs: number;
  /**
   * What has no effect for so long is sent again, and others are asked what is missing; twice as long
   * each time without success, so that a slow link is not filled with copies.
   */
  readonly resendMs: number;
};

/** The wait for progress doubles so often at most. */
export const doublingsMax = 4;
/** So does the wait for a repetition. */
export const repeatDoublingsMax = 3;
/** Requests of so many clients are kept at most; later ones are dropped, and clients ask again. */
export const pendingMax = 1_000;
/** Of one signer, phase and number so many statements are kept. */
export const votesMax = 3;
/** Who asks gets so many operations at once. */
export const learnedMax = 16;
/** So many numbers, requests or checkpoints are sent again at once. */
export const resentMax = 8;
/** Of each member so many votes for checkpoints are kept. */
export const checkpointVotesMax = 3;
/** Evidence is told so often at most in a life. */
export const accusedMax = 64;

/** What is known of one number. */
export type Slot = {
  /** The last one accepted. */
  readonly proposal?: Proposal;
  readonly prepares: readonly Vote[];
  readonly commits: readonly Vote[];
  /** Of the latest view in which it was prepared here. */
  readonly prepared?: Prepared;
  readonly committed?: Committed;
};

export type CheckpointVote = SignedBy & { readonly number: number; readonly digest: string };

export type Request = Extract<Operation, { readonly type: "request" }>;

/** A request that was not carried out yet. */
export type Pending = { readonly operation: Request; readonly digest: string };

export type PbftTimer = "progress" | "resend";

export type PbftState = {
  readonly setting: Setting;
  readonly view: number;
  /** False from leaving a view until the next one is entered. */
  readonly isActive: boolean;
  /** How the view was entered; undefined in view 0. */
  readonly newView: NewView | undefined;
  /** The last stable checkpoint: its number is the low watermark. */
  readonly stable: Stable;
  readonly stableData: KeyValueState;
  /** The data at checkpoints that are not stable yet. */
  readonly snapshots: Readonly<Record<number, KeyValueState>>;
  /** Of the numbers behind the stable checkpoint, in their order; nothing is known of an empty one. */
  readonly slots: readonly Slot[];
  /** All up to this number are carried out. */
  readonly executed: number;
  readonly data: KeyValueState;
  /** Of a primary: the next number that it gives. */
  readonly next: number;
  /** One of each client. */
  readonly pending: Readonly<Record<string, Pending>>;
  readonly checkpoints: readonly CheckpointVote[];
  /** Of each member the latest one. */
  readonly viewChanges: Readonly<Record<string, ViewChange>>;
  /** Views left without an operation carried out in between. */
  readonly fruitless: number;
  /** How often it has sent again what it waits for. */
  readonly repeats: number;
  /** Others are further, in numbers or views. */
  readonly isBehind: boolean;
  /** What evidence was told about already. */
  readonly accused: readonly string[];
  readonly timers: Timers<PbftTimer>;
};

const [viewKey, stableKey] = ["view", "stable"] as const;

function slotKey(number: number): Key {
  return `slot/${number}`;
}

export function windowOf({ checkpointEvery }: PbftOptions): number {
  return 2 * checkpointEvery;
}

export const emptySlot: Slot = { prepares: [], commits: [] };

export function startReplica(setting: Setting, disk: Disk, options: PbftOptions): PbftState {
  const { view, isActive, newView } = viewOn(disk);
  const { stable, data } = stableOn(disk);
  const first = stable.number + 1;
  let [slots, next]: [readonly Slot[], number] = [[], first];
  for (let number = first; number < first + windowOf(options); number++) {
    const record = disk.get(slotKey(number));
    if (record === undefined) continue;
    const slot = readSlot(record);
    slots = withSlot(slots, number - first, slot);
    if (slot.proposal?.view === view) next = number + 1;
  }
  return {
    setting: { name: setting.name, members: setting.members },
    ...{ view, isActive, newView, stable, stableData: data, slots, data, next },
    snapshots: {},
    executed: stable.number,
    pending: {},
    checkpoints: [],
    viewChanges: {},
    fruitless: 0,
    repeats: 0,
    isBehind: false,
    accused: [],
    timers: {},
  };
}

function viewOn(disk: Disk): Pick<PbftState, "view" | "isActive" | "newView"> {
  const record = disk.get(viewKey);
  if (record === undefined) return { view: 0, isActive: true, newView: undefined };
  return decodeRecord(record, (reader) => {
    const fields = reader.object(["view", "isActive", "newView"]);
    const newView = fields.find("newView");
    return {
      view: readCount(fields.get("view")),
      isActive: fields.get("isActive").truth(),
      newView: newView && readNewView(newView),
    };
  });
}

function stableOn(disk: Disk): { readonly stable: Stable; readonly data: KeyValueState } {
  const record = disk.get(stableKey);
  if (record === undefined) {
    const stable = { number: 0, digest: digestOfData(emptyKeyValue), checkpoints: [] };
    return { stable, data: emptyKeyValue };
  }
  return decodeRecord(record, (reader) => {
    const fields = reader.object(["stable", "data"]);
    return { stable: readStable(fields.get("stable")), data: readKeyValue(fields.get("data")) };
  });
}

function readSlot(bytes: Uint8Array): Slot {
  return decodeRecord(bytes, (reader) => {
    const fields = reader.object(["proposal", "prepared", "committed"]);
    const proposal = fields.find("proposal");
    const prepared = fields.find("prepared");
    const committed = fields.find("committed");
    return {
      ...emptySlot,
      ...(proposal && { proposal: readProposal(proposal) }),
      ...(prepared && { prepared: readPrepared(prepared) }),
      ...(committed && { committed: readCommitted(committed) }),
    };
  });
}

/** Votes are not kept: others send theirs again, and its own follow from the rest. */
export function slotRecord(number: number, { proposal, prepared, committed }: Slot): Write {
  const value = encodeJson({ proposal, prepared, committed });
  return { type: "put", key: slotKey(number), value };
}

export function slotRemoval(number: number): Write {
  return { type: "delete", key: slotKey(number) };
}

export function viewRecord({ view, isActive, newView }: PbftState): Write {
  return { type: "put", key: viewKey, value: encodeJson({ view, isActive, newView }) };
}

export function stableRecord({ stable, stableData }: PbftState): Write {
  return { type: "put", key: stableKey, value: encodeJson({ stable, data: stableData }) };
}

export function withSlot(slots: readonly Slot[], position: number, slot: Slot): readonly Slot[] {
  const changed = slots.slice();
  while (changed.length < position) changed.push(emptySlot);
  changed[position] = slot;
  return changed;
}

/** The numbers that are not carried out, and of which something is known. */
export function openNumbers({ slots, stable, executed }: Log): readonly number[] {
  return slots.flatMap((slot, position) => {
    const number = stable.number + 1 + position;
    return number > executed && slot !== emptySlot ? [number] : [];
  });
}

type Log = Pick<PbftState, "slots" | "stable" | "executed">;

/** What is not carried out yet, in the order of the numbers. */
function openSlots({ slots, stable, executed }: Log): readonly Slot[] {
  return slots.slice(executed - stable.number);
}

/** True if there is work under way that should come to an end. */
export function isWaiting(state: PbftState): boolean {
  for (const _client in state.pending) return true;
  return openSlots(state).some(({ proposal }) => proposal?.view === state.view);
}

/** True if there are votes for a number that was not carried out. */
export function hasOpenVotes(state: Log): boolean {
  return openSlots(state).some(({ prepares, commits }) => prepares.length + commits.length > 0);
}

export function viewOf(state: PbftState): ProcessView {
  const { setting, view, isActive, stable, slots, executed } = state;
  const isPrimary = primaryOf(view, setting.members) === setting.name;
  const cells = slots.map(cellOf);
  while (stable.number + cells.length < executed) cells.push(emptyCell);
  return {
    role: !isActive ? "between views" : isPrimary ? "primary" : "backup",
    era: view,
    isLeader: isActive && isPrimary,
    log: { firstIndex: stable.number + 1, cells, committed: executed, applied: executed },
    decisions: noDecisions,
    blocked: nothingBlocked,
  };
}

const emptyCell: LogCell = { era: 0, command: "" };

function cellOf({ committed, prepared, proposal }: Slot): LogCell {
  const known = committed ?? prepared ?? proposal;
  return known === undefined ? emptyCell : cellOfKnown(known);
}

/** Members may have committed one operation in different views: compare commands only. */
const cellOfKnown = remembering(({ view, operation }: Proposal | Committed): LogCell => {
  return { era: view, command: textOf(operation) };
});

export function isMember({ setting }: PbftState, name: PeerId): boolean {
  return setting.members.includes(name);
}
