/** What a member of a three-phase commit knows, and which of it its disk holds. */

import type { Write } from "../../machine/store.ts";
import type { Elapsed, PeerId } from "../../primitives/brand.ts";
import { applyOnce, emptyKeyValue, type KeyValueState } from "../process/key-value.ts";
import {
  type Disk,
  othersOf,
  type ProcessEffect,
  type Setting,
  type Step,
} from "../process/process.ts";
import type { ProcessView } from "../process/protocol.ts";
import { type Refusals, refusalsOn, refuse } from "../process/refusals.ts";
import { andThen, stay } from "../process/steps.ts";
import { type Timers, withTimer } from "../process/timers.ts";
import { decodeRecord, encodeJson, readCount, readKeyValue, readName } from "../process/wire.ts";
import {
  nameOf,
  type Outcome,
  readTransaction,
  type Transaction,
} from "../two-phase-commit/message.ts";
import type { ThreePhaseMessage } from "./message.ts";
import type { Collected, ThreePhaseRules } from "./rules.ts";

export type ThreePhaseOptions = {
  /** No message and its answer take longer together: what the protocol relies on. */
  readonly roundMs: number;
};

export type ThreePhaseContext = {
  readonly rules: ThreePhaseRules;
  readonly options: ThreePhaseOptions;
};

/** A transaction that is not decided here; its keys are locked. */
export type Undecided = {
  readonly transaction: Transaction;
  readonly stage: "voted" | "pre-committed";
  /** It is older than this life. */
  readonly isRecovered: boolean;
};

/** At the coordinator: who has answered in this phase. */
export type Open = {
  readonly phase: "voting" | "pre-committing";
  readonly answered: readonly PeerId[];
};

/** At a member that took over: what it has collected, or who is ready to commit. */
export type Termination = {
  readonly phase: "collecting" | "pre-committing";
  readonly collected: Readonly<Record<string, Collected>>;
};

type ByNumber<T> = Readonly<Record<number, T>>;

/** `phase` ends a phase of a coordinator, `silence` is a member's own, `resend` is for commits. */
export type ThreePhaseTimer = `${"phase" | "silence" | "resend"} ${number}`;

export type ThreePhaseState = {
  readonly setting: Setting;
  readonly data: KeyValueState;
  /** At the coordinator: requests that were answered "aborted". */
  readonly refusals: Refusals;
  readonly life: number;
  readonly begun: number;
  readonly undecided: ByNumber<Undecided>;
  readonly open: ByNumber<Open>;
  readonly terminations: ByNumber<Termination>;
  readonly unacknowledged: ByNumber<readonly PeerId[]>;
  readonly decided: ByNumber<Outcome>;
  readonly floor: number;
  readonly timers: Timers<ThreePhaseTimer>;
};

export type ThreePhaseNews =
  | { readonly type: "voted"; readonly number: number; readonly isYes: boolean }
  | { readonly type: "took-over"; readonly number: number }
  | { readonly type: "decided"; readonly number: number; readonly outcome: Outcome };

export type ThreePhaseEffect = ProcessEffect<ThreePhaseMessage, ThreePhaseNews>;
export type ThreePhaseStep = Step<ThreePhaseState, ThreePhaseMessage, ThreePhaseNews>;

const [lifeKey, dataKey] = ["life", "data"] as const;
const [stagesKey, commitsKey] = ["stages", "commits"] as const;

export function startMember(setting: Setting, disk: Disk): ThreePhaseState {
  const [life, data] = [disk.get(lifeKey), disk.get(dataKey)];
  const [stages, commits] = [disk.get(stagesKey), disk.get(commitsKey)];
  const unacknowledged =
    commits === undefined
      ? {}
      : decodeRecord(commits, (reader) => reader.map((names) => names.list().map(readName)));
  const committed = Object.keys(unacknowledged).map((number) => [number, "commit"] as const);
  const known =
    stages === undefined ? { undecided: {}, decided: {}, floor: 0 } : readStages(stages);
  return {
    setting,
    data: data === undefined ? emptyKeyValue : decodeRecord(data, readKeyValue),
    refusals: refusalsOn(disk),
    life: life === undefined ? 0 : decodeRecord(life, readCount),
    begun: 0,
    undecided: known.undecided,
    open: {},
    terminations: {},
    unacknowledged,
    decided: { ...known.decided, ...Object.fromEntries(committed) },
    floor: known.floor,
    timers: {},
  };
}

function readStages(bytes: Uint8Array) {
  return decodeRecord(bytes, (reader) => {
    const fields = reader.object(["undecided", "decided", "floor"]);
    return {
      undecided: fields.get("undecided").map((item): Undecided => {
        const parts = item.object(["transaction", "stage", "isRecovered"]);
        const stage = parts.get("stage").word(["voted", "pre-committed"] as const);
        const transaction = readTransaction(parts.get("transaction"));
        return { transaction, stage, isRecovered: true };
      }),
      decided: fields.get("decided").map((outcome) => outcome.word(["commit", "abort"] as const)),
      floor: readCount(fields.get("floor")),
    };
  });
}

export function lifeRecord({ life }: ThreePhaseState): Write {
  return { type: "put", key: lifeKey, value: encodeJson(life) };
}

export function stagesRecord({ undecided, decided, floor }: ThreePhaseState): Write {
  return { type: "put", key: stagesKey, value: encodeJson({ undecided, decided, floor }) };
}

export function commitsRecord({ unacknowledged }: ThreePhaseState): Write {
  return { type: "put", key: commitsKey, value: encodeJson(unacknowledged) };
}

export function isCoordinator({ setting }: ThreePhaseState): boolean {
  return setting.members[0] === setting.name;
}

/** Is what it needs locked by a transaction that is not decided here? */
export function isLocked({ undecided }: ThreePhaseState, key: string, client?: string): boolean {
  return Object.values(undecided).some(({ transaction: { id, command } }) => {
    return id.client === client || (command.type !== "propose" && command.key === key);
  });
}

export function withStage(
  state: ThreePhaseState,
  number: number,
  undecided: Undecided,
): ThreePhaseState {
  return { ...state, undecided: { ...state.undecided, [number]: undecided } };
}

/**
 * Longer for members of a higher rank, so that one after the other takes over: three rounds are
 * enough for one that does not crash.
 */
export function withSilenceTimer(
  state: ThreePhaseState,
  number: number,
  { options }: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseState {
  const rank = state.setting.members.indexOf(state.setting.name);
  const waitMs = 3 * Math.max(1, rank) * options.roundMs;
  return { ...state, timers: withTimer(state.timers, `silence ${number}`, now + waitMs) };
}

export function sendToOthers(
  { setting }: ThreePhaseState,
  message: ThreePhaseMessage,
): readonly ThreePhaseEffect[] {
  return othersOf(setting).map((to) => ({ type: "send", to, message }));
}

/**
 * Once, for ever. The coordinator keeps a commit until all have acknowledged it; a member that was
 * asked by the client answers it.
 */
export function decide(
  before: ThreePhaseState,
  number: number,
  outcome: Outcome,
  { options }: ThreePhaseContext,
  now: Elapsed,
): ThreePhaseStep {
  const known = before.undecided[number];
  // Below the floor, too, this member may have a vote that is not decided here.
  const isBelow = known === undefined && number < before.floor;
  const isOver = before.decided[number] !== undefined || isBelow;
  if (isOver || (outcome === "commit" && known === undefined)) return stay(before);
  const applied =
    outcome === "commit" && known !== undefined
      ? applyOnce(before.data, known.transaction.id, known.transaction.command)
      : undefined;
  const others = othersOf(before.setting);
  const keeps = outcome === "commit" && isCoordinator(before) && others.length > 0;
  const timers = withoutTimersOf(before.timers, number);
  const state: ThreePhaseState = {
    ...before,
    data: applied?.state ?? before.data,
    undecided: without(before.undecided, number),
    open: without(before.open, number),
    terminations: without(before.terminations, number),
    unacknowledged: keeps ? { ...before.unacknowledged, [number]: others } : before.unacknowledged,
    decided: { ...before.decided, [number]: outcome },
    timers: keeps ? withTimer(timers, `resend ${number}`, now + 3 * options.roundMs) : timers,
  };
  const data: Write = { type: "put", key: dataKey, value: encodeJson(state.data) };
  const batch = [
    stagesRecord(state),
    ...(applied === undefined ? [] : [data, commitsRecord(state)]),
  ];
  const effects: ThreePhaseEffect[] = [
    { type: "persist", batch },
    { type: "news", news: { type: "decided", number, outcome } },
  ];
  if (isCoordinator(state)) effects.push(...sendToOthers(state, { type: outcome, number }));
  if (before.open[number] === undefined || known === undefined) return { state, effects };
  const { id } = known.transaction;
  if (applied !== undefined) {
    return { state, effects: [...effects, { type: "answer", id, answer: applied.answer }] };
  }
  return andThen({ state, effects }, (next) => {
    return refuse(next, id, "a participant voted no, or did not vote in time");
  });
}

function withoutTimersOf(timers: Timers<ThreePhaseTimer>, number: number): Timers<ThreePhaseTimer> {
  const others = Object.entries(timers).filter(([name]) => Number(name.split(" ")[1]) !== number);
  return Object.fromEntries(others);
}

export function without<T>(records: ByNumber<T>, number: number): ByNumber<T> {
  const others = Object.entries(records).filter(([key]) => Number(key) !== number);
  return Object.fromEntries(others);
}

export function withFloor(state: ThreePhaseState, floor: number): ThreePhaseState {
  if (floor <= state.floor) return state;
  const decided = Object.entries(state.decided).filter(([number]) => Number(number) >= floor);
  return { ...state, floor, decided: Object.fromEntries(decided) };
}

export function viewOf(state: ThreePhaseState): ProcessView {
  const decisions = Object.entries(state.decided).map(([number, outcome]) => {
    return [nameOf(Number(number)), outcome] as const;
  });
  const blocked = Object.keys(state.undecided).filter((number) => {
    return state.open[Number(number)] === undefined;
  });
  return {
    role: isCoordinator(state) ? "coordinator" : "participant",
    era: state.life,
    isLeader: isCoordinator(state),
    decisions: Object.fromEntries(decisions),
    blocked: blocked.map((number) => nameOf(Number(number))),
  };
}
