/** What came of a run in figures: who was answered, whether it can be explained, what it cost. */

import type { Operation } from "../../checkers/history.ts";
import { describeOperation } from "../../checkers/lanes.ts";
import { checkLinearizability } from "../../checkers/linearizability.ts";
import { byKey, countFabricated, findLost } from "./lost-writes.ts";
import type { CapRequest, CapRun, PhaseSeen } from "./run.ts";
import { leftOpen, trustedRequests } from "./trust.ts";

/** How many of so many requests were answered. */
export type Share = { readonly answered: number; readonly of: number };

export type SideCard = {
  readonly names: readonly string[];
  /** In the settled part, which is the second half of the phase. */
  readonly writes: Share;
  readonly reads: Share;
  /** From the strike to the first answer to a write that was asked after it. */
  readonly resumedMs: number | undefined;
  /** Requests of the settled part that were neither answered nor given up when the phase ended. */
  readonly open: number;
};

export type PhaseCard = Omit<PhaseSeen, "sides" | "faults"> & {
  readonly sides: readonly SideCard[];
  /** Keys that were first used in it, and those of them whose history cannot be explained. */
  readonly keys: number;
  readonly refusedKeys: number;
  /** Reads of values that no client wrote. */
  readonly fabricated: number;
  /** Answered writes asked in it that were lost in the end. */
  readonly lost: number;
};

export type Judgement =
  | { readonly outcome: "linearizable" }
  | { readonly outcome: "undecided"; readonly keys: readonly string[] }
  | {
      readonly outcome: "refused";
      /** The first operation that cannot be placed, such as `read 4 of k7`. */
      readonly operation: string;
      readonly beside: string;
      readonly askedAtMs: number;
      readonly endedAtMs: number;
      /** Events of the history that can be explained; more, perhaps, unless it is exact. */
      readonly longestPrefix: number;
      readonly isExact: boolean;
      readonly events: number;
    };

export type Scorecard = {
  readonly protocol: string;
  readonly patience: string;
  readonly phases: readonly PhaseCard[];
  /** Of everything; of what happened before the first lie; and before the first fault. */
  readonly judgement: Judgement;
  readonly beforeLies: Judgement;
  readonly whole: Judgement;
  /** Nodes that contradicted others: in the end; undefined if it holds nothing for certain. */
  readonly disagreeing: number | undefined;
  /** For each request that was answered in the whole phase A, all else that was sent included. */
  readonly messagesEach: number;
  readonly bytesEach: number;
  /** In the median, in the settled part of phase A. */
  readonly readMs: number | undefined;
  readonly writeMs: number | undefined;
  readonly requests: number;
  /** Answered writes asked before the first lie that an earlier one has replaced by then, or nothing. */
  readonly lost: number;
  /** The same of those asked later. */
  readonly lostToLies: number;
  /** Answered writes that left the order which they were answered from. */
  readonly takenBack: number;
  readonly depth: number;
};

export function scorecardOf(protocol: string, run: CapRun): Scorecard {
  const { requests, phases, takenBack } = run;
  const trusted = trustedRequests(requests, phases);
  const refused = refusedKeysOf(trusted);
  const lost = findLost(trusted, run.audits);
  const firstFaultMs = phases[1]?.fromMs ?? Infinity;
  const firstLieMs = phases.find(({ lying }) => lying.length > 0)?.fromMs ?? Infinity;
  const inWhole = phases[0] === undefined ? [] : requestsOf(phases[0], run.names, requests);
  const answered = inWhole.filter(isAnswered).length;
  const settled = inWhole.filter((request) => askedAt(request) >= settledFrom(phases[0]));
  return {
    protocol,
    patience: run.patience,
    phases: phases.map((phase) => phaseCardOf(phase, trusted, refused, lost)),
    judgement: judge(trusted, Infinity, refused.size > 0),
    beforeLies: judge(trusted, firstLieMs, refused.size > 0),
    whole: judge(trusted, firstFaultMs, refused.size > 0),
    disagreeing: run.holdsPrefixes ? run.disagreeingInTheEnd : undefined,
    messagesEach: run.carried.messages / Math.max(1, answered),
    bytesEach: run.carried.bytes / Math.max(1, answered),
    readMs: medianMs(settled.filter((each) => isRead(each))),
    writeMs: medianMs(settled.filter((each) => !isRead(each))),
    requests: requests.length,
    lost: [...lost].filter((each) => askedAt(each) < firstLieMs).length,
    lostToLies: [...lost].filter((each) => askedAt(each) >= firstLieMs).length,
    takenBack: takenBack?.writes.length ?? 0,
    depth: takenBack?.depth ?? 0,
  };
}

function phaseCardOf(
  phase: PhaseSeen,
  requests: readonly CapRequest[],
  refused: ReadonlySet<string>,
  lost: ReadonlySet<Operation>,
): PhaseCard {
  const { sides, letter, fromMs, toMs, struck, down, lying, disagreeing } = phase;
  const honest = sides.map((side) => side.filter((name) => !phase.lying.includes(name)));
  const own = requests.filter((request) => isWithin(phase, askedAt(request)));
  const keys = keysBornIn(phase, requests);
  return {
    ...{ letter, fromMs, toMs, struck, down, lying, disagreeing },
    sides: honest
      .filter((side) => side.length > 0)
      .map((side) => sideCardOf(side, phase, requests)),
    keys: keys.length,
    refusedKeys: keys.filter((key) => refused.has(key)).length,
    fabricated: countFabricated(own, requests),
    lost: own.filter((request) => lost.has(request)).length,
  };
}

/**
 * Requests whose end is beyond the phase count neither way: their time was not over. If none ended of
 * those that were asked in the settled part, all of the phase count.
 */
function sideCardOf(
  names: readonly string[],
  phase: PhaseSeen,
  all: readonly CapRequest[],
): SideCard {
  const own = requestsOf(phase, names, all);
  const ended = own.filter((request) => endedAt(request) <= phase.toMs);
  const isSettled = (request: CapRequest) => askedAt(request) >= settledFrom(phase);
  const shareOf = (some: readonly CapRequest[]): Share => {
    const settled = some.filter(isSettled);
    const counted = settled.length > 0 ? settled : some;
    return { answered: counted.filter(isAnswered).length, of: counted.length };
  };
  const writes = ended.filter((each) => !isRead(each));
  const firstMs = Math.min(Infinity, ...writes.filter(isAnswered).map(endedAt));
  return {
    names,
    writes: shareOf(writes),
    reads: shareOf(ended.filter(isRead)),
    resumedMs: firstMs === Infinity ? undefined : firstMs - phase.fromMs,
    open: own.filter(isSettled).length - ended.filter(isSettled).length,
  };
}

function requestsOf(
  phase: PhaseSeen,
  names: readonly string[],
  requests: readonly CapRequest[],
): readonly CapRequest[] {
  return requests.filter(
    (request) => names.includes(request.beside) && isWithin(phase, askedAt(request)),
  );
}

/** The keys that were first used in this phase. */
function keysBornIn(phase: PhaseSeen, requests: readonly CapRequest[]): readonly string[] {
  const born = [...byKey(requests)].filter(([, [first]]) => {
    return first !== undefined && isWithin(phase, askedAt(first));
  });
  return born.map(([key]) => key);
}

function refusedKeysOf(requests: readonly CapRequest[]): ReadonlySet<string> {
  const refused = [...byKey(requests)].filter(([, own]) => {
    return checkLinearizability(own, { model: "cas" }).outcome === "refused";
  });
  return new Set(refused.map(([key]) => key));
}

/** @param untilMs what returns later is open; what is asked later is left out. */
function judge(requests: readonly CapRequest[], untilMs: number, mayBeRefused: boolean): Judgement {
  if (!mayBeRefused) return { outcome: "linearizable" };
  const before = requests
    .filter((request) => askedAt(request) < untilMs)
    .map((request) => (endedAt(request) < untilMs ? request : leftOpen(request)));
  const verdict = checkLinearizability(before, { model: "cas" });
  if (verdict.outcome !== "refused") return verdict;
  const { operation, longestPrefix, isExact, key } = verdict.refusal;
  return {
    outcome: "refused",
    operation: `${describeOperation(operation)} of ${key}`,
    beside: (operation as CapRequest).beside,
    askedAtMs: askedAt(operation),
    endedAtMs: endedAt(operation),
    longestPrefix,
    isExact,
    events: 1 + Math.max(...before.map((each) => each.returnedAt ?? each.invokedAt)),
  };
}

export function askedAt({ invocation }: Operation): number {
  return invocation.time ?? 0;
}

/** Infinity if it was open in the end; of one that was given up the time of that. */
export function endedAt({ completion }: Operation): number {
  return completion?.time ?? Infinity;
}

export function isAnswered({ outcome }: Operation): boolean {
  return outcome === "ok" || outcome === "differed";
}

export function isRead({ invocation }: Operation): boolean {
  return invocation.f === "read";
}

export function isWithin(
  { fromMs, toMs }: Pick<PhaseSeen, "fromMs" | "toMs">,
  atMs: number,
): boolean {
  return atMs >= fromMs && atMs < toMs;
}

function settledFrom(phase: PhaseSeen | undefined): number {
  return phase === undefined ? 0 : (phase.fromMs + phase.toMs) / 2;
}

/** The lower one of two in the middle. */
function medianMs(requests: readonly CapRequest[]): number | undefined {
  const lengths = requests.filter(isAnswered).map((each) => endedAt(each) - askedAt(each));
  return lengths.toSorted((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)];
}
