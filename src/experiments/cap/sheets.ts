/** Scorecards as sheets of text cells: the same for a terminal and for a page. */

import type { Judgement, PhaseCard, Scorecard, Share, SideCard } from "../../sim/cap/scorecard.ts";
import type { Sheet } from "../engine/sheet.ts";

/** @param oneWayMs of every link, if all are alike: latencies are counted in it then. */
export function sheetsOfCards(
  cards: readonly Scorecard[],
  oneWayMs: number | undefined,
): readonly Sheet[] {
  return [
    answeredSheet(cards),
    resumedSheet(cards),
    verdictSheet(cards),
    costSheet(cards, oneWayMs),
  ];
}

function answeredSheet(cards: readonly Scorecard[]): Sheet {
  return {
    title: "Answered in the second half of each phase, % of requests, a side each",
    columns: ["protocol", ...lettersOf(cards)],
    rows: cards.map(({ protocol, phases }) => [
      protocol,
      ...phases.map(({ sides }) => sides.map(answeredText).join(" | ")),
    ]),
  };
}

/** One number if writes and reads are answered alike. */
export function answeredText({ writes, reads }: SideCard): string {
  const [ofWrites, ofReads] = [percentOf(writes), percentOf(reads)];
  if (ofWrites === ofReads || ofReads === undefined) return ofWrites ?? "–";
  return `${ofWrites ?? "–"} (reads ${ofReads})`;
}

/** 0 and 100 are exact; undefined if nothing ended. */
export function percentOf({ answered, of }: Share): string | undefined {
  if (of === 0) return undefined;
  if (answered === 0 || answered === of) return answered === 0 ? "0" : "100";
  return String(Math.min(99, Math.max(1, Math.round((100 * answered) / of))));
}

function resumedSheet(cards: readonly Scorecard[]): Sheet {
  return {
    title: "Seconds from the strike until a write is answered, a side each",
    columns: ["protocol", ...lettersOf(cards)],
    rows: cards.map(({ protocol, phases }) => [
      protocol,
      ...phases.map(({ sides }) => sides.map(resumedText).join(" | ")),
    ]),
  };
}

function resumedText({ resumedMs }: SideCard): string {
  return resumedMs === undefined ? "–" : (resumedMs / 1000).toFixed(2);
}

function verdictSheet(cards: readonly Scorecard[]): Sheet {
  return {
    title: "What the answers are worth",
    columns: [
      ...["protocol", "linearizable", "with the lie", "explained up to", "cannot be placed"],
      ...["contradicting nodes", "in the end", "writes lost", "to the lie", "taken back"],
    ],
    rows: cards.map((card) => [
      card.protocol,
      verdictText(card.beforeLies),
      verdictText(card.judgement),
      explainedText(card.judgement),
      refusedText(card.judgement),
      card.disagreeing === undefined ? "–" : String(mostDisagreeing(card.phases)),
      card.disagreeing === undefined ? "–" : String(card.disagreeing),
      String(card.lost),
      String(card.lostToLies),
      card.depth === 0 ? "0" : `${card.takenBack} in up to ${card.depth} blocks`,
    ]),
  };
}

function verdictText({ outcome }: Judgement): string {
  switch (outcome) {
    case "linearizable":
      return "yes";
    case "undecided":
      return "undecided";
    case "refused":
      return "no";
  }
}

function explainedText(judgement: Judgement): string {
  if (judgement.outcome !== "refused") return "the end";
  const { longestPrefix, events, isExact } = judgement;
  return `${isExact ? "" : "at least "}${longestPrefix} of ${events} events`;
}

function refusedText(judgement: Judgement): string {
  if (judgement.outcome !== "refused") return "–";
  const { operation, beside, endedAtMs } = judgement;
  return `${operation} at ${beside}, ${(endedAtMs / 1000).toFixed(3)} s`;
}

/** In the phases in which no node lies. */
function mostDisagreeing(phases: readonly PhaseCard[]): number {
  const honest = phases.filter(({ lying }) => lying.length === 0);
  return Math.max(0, ...honest.map(({ disagreeing }) => disagreeing));
}

function costSheet(cards: readonly Scorecard[], oneWayMs: number | undefined): Sheet {
  const unit = oneWayMs === undefined ? "ms" : "one-way delays";
  return {
    title: "What an answer costs in the whole network",
    columns: [
      "protocol",
      "messages",
      "bytes",
      `a read, ${unit}`,
      `a write, ${unit}`,
      "clients wait",
    ],
    rows: cards.map(({ protocol, messagesEach, bytesEach, readMs, writeMs, patience }) => [
      protocol,
      messagesEach.toFixed(1),
      bytesEach.toFixed(0),
      latencyText(readMs, oneWayMs),
      latencyText(writeMs, oneWayMs),
      patience,
    ]),
  };
}

function latencyText(ms: number | undefined, oneWayMs = 1): string {
  return ms === undefined ? "–" : String(Number((ms / oneWayMs).toFixed(1)));
}

function lettersOf([first]: readonly Scorecard[]): readonly string[] {
  return first?.phases.map(({ letter }) => letter) ?? [];
}

/** One line for each side of each phase of each protocol. @see RFC 4180, but for the line ends */
export function csvOfCards(cards: readonly Scorecard[]): string {
  const columns = [
    ...["protocol", "phase", "from_ms", "to_ms", "nodes", "writes", "writes_answered", "reads"],
    ...[
      "reads_answered",
      "resumed_ms",
      "contradicting",
      "keys",
      "keys_refused",
      "fabricated",
      "lost",
    ],
  ];
  const lines = cards.flatMap(({ protocol, phases }) => {
    return phases.flatMap((phase) =>
      phase.sides.map((side) => rowOf(protocol, phase, side).join(",")),
    );
  });
  return [columns.join(","), ...lines].join("\n");
}

function rowOf(protocol: string, phase: PhaseCard, side: SideCard): readonly (string | number)[] {
  const { writes, reads, resumedMs = "" } = side;
  const { letter, fromMs, toMs, disagreeing, keys, refusedKeys, fabricated, lost } = phase;
  return [
    ...[protocol, letter, fromMs, toMs, side.names.join(" ")],
    ...[writes.of, writes.answered, reads.of, reads.answered, resumedMs],
    ...[disagreeing, keys, refusedKeys, fabricated, lost],
  ];
}
