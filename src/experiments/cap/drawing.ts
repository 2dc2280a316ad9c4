/** A history as a drawing: a lane for each client, a bar for each request, the faults across them. */

import { writtenBy } from "../../sim/cap/lost-writes.ts";
import type { CapRequest, CapRun } from "../../sim/cap/run.ts";
import {
  askedAt,
  endedAt,
  isAnswered,
  type PhaseCard,
  type Scorecard,
} from "../../sim/cap/scorecard.ts";
import { nameOfWrite } from "../../sim/cap/system.ts";
import { escapeText } from "../engine/chart.ts";

const width = 1_200;
const margin = { left: 46, right: 10, top: 44, bottom: 22 };
const laneHeight = 16;
const barHeight = 9;
/** So that an answer at once can be seen at all. */
const barWidthMin = 0.4;
const tickMs = 30_000;

/** Distinct for most readers, colour-blind ones too. @see Okabe & Ito, 2008 */
const colours = { answered: "#0072b2", unanswered: "#e69f00", lost: "#d55e00" } as const;
/** Behind the lanes of the first, second and third side of a phase. */
const sideColours = ["#56b4e9", "#009e73", "#cc79a7", "#6b6b6b"];

type Fate = keyof typeof colours;

export function drawCapHistory(card: Scorecard, run: CapRun): string {
  const height = margin.top + run.names.length * laneHeight + margin.bottom;
  const title = `${card.protocol}: what each client asked, and when it was answered`;
  return [
    `<svg class="wide" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<text class="title" x="${margin.left}" y="14">${escapeText(title)}</text>`,
    ...card.phases.flatMap((phase) => drawPhase(phase, run)),
    ...run.names.flatMap((name, lane) => drawLane(name, lane, run)),
    ...drawTimes(run),
    ...drawRefusal(card, run),
    "</svg>",
  ].join("\n");
}

/** Of the answered ones those are lost that left the order which they were answered from. */
function fateOf(request: CapRequest, takenBack: ReadonlySet<string>): Fate {
  if (!isAnswered(request)) return "unanswered";
  const written = writtenBy(request);
  const isLost =
    written !== undefined && takenBack.has(nameOfWrite(request.invocation.key, written));
  return isLost ? "lost" : "answered";
}

function drawLane(name: string, lane: number, run: CapRun): readonly string[] {
  const y = middleOf(lane);
  const takenBack = new Set(run.takenBack?.writes);
  const own = run.requests.filter(({ beside }) => beside === name);
  const fates = ["answered", "unanswered", "lost"] as const;
  return [
    `<text x="${margin.left - 6}" y="${y + 4}" text-anchor="end">${escapeText(name)}</text>`,
    ...fates.map((fate) => {
      const bars = own.filter((request) => fateOf(request, takenBack) === fate);
      const path = pathOf(bars, y, run.endMs);
      return `<path stroke="${colours[fate]}" stroke-width="${barHeight}" d="${path}"/>`;
    }),
  ];
}

/** Bars that touch at this scale are one. */
function pathOf(requests: readonly CapRequest[], y: number, endMs: number): string {
  const spans: [from: number, to: number][] = [];
  for (const request of requests) {
    const from = round(xOf(askedAt(request), endMs));
    const to = round(Math.max(xOf(Math.min(endedAt(request), endMs), endMs), from + barWidthMin));
    const last = spans.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else spans.push([from, to]);
  }
  return spans.map(([from, to]) => `M${from} ${y}H${to}`).join("");
}

function drawPhase(phase: PhaseCard, { names, endMs }: CapRun): readonly string[] {
  const [from, to] = [xOf(phase.fromMs, endMs), xOf(phase.toMs, endMs)];
  const wide = `x="${round(from)}" width="${round(to - from)}"`;
  const bands = names.flatMap((name, lane) => {
    const side = phase.sides.findIndex(({ names: own }) => own.includes(name));
    const colour = side >= 0 ? sideColours[side % sideColours.length] : "#000";
    const top = middleOf(lane) - laneHeight / 2;
    if (phase.sides.length < 2 && side >= 0) return [];
    return [`<rect ${wide} y="${top}" height="${laneHeight}" fill="${colour}" opacity="0.18"/>`];
  });
  const bottom = middleOf(names.length - 1) + laneHeight / 2;
  const words = phase.struck.length === 0 ? "whole" : phase.struck.map(shortOf).join(", ");
  return [
    ...bands,
    `<rect ${wide} y="${margin.top}" height="${bottom - margin.top}" fill="none" stroke="currentColor" opacity="0.4"/>`,
    `<text x="${round(from) + 2}" y="${margin.top - 16}">${phase.letter}</text>`,
    `<text x="${round(from) + 2}" y="${margin.top - 4}" font-size="8">${escapeText(words)}</text>`,
  ];
}

/** Without how long it lasts, which is drawn. */
function shortOf(struck: string): string {
  return struck.replace(/ for .*$/, "").slice(0, 30);
}

function drawTimes({ endMs, names }: CapRun): readonly string[] {
  const y = middleOf(names.length - 1) + laneHeight / 2 + 14;
  const count = Math.floor(endMs / tickMs) + 1;
  return Array.from({ length: count }, (_, at) => {
    const x = round(xOf(at * tickMs, endMs));
    return `<text x="${x}" y="${y}" text-anchor="middle">${(at * tickMs) / 1000} s</text>`;
  });
}

function drawRefusal({ judgement }: Scorecard, { endMs, names }: CapRun): readonly string[] {
  if (judgement.outcome !== "refused") return [];
  const x = round(xOf(judgement.endedAtMs, endMs));
  const bottom = middleOf(names.length - 1) + laneHeight / 2;
  const words = `${judgement.operation} at ${judgement.beside} cannot be placed`;
  return [
    `<line x1="${x}" x2="${x}" y1="${margin.top}" y2="${bottom}" stroke="${colours.lost}" stroke-width="2"/>`,
    `<text x="${width - margin.right}" y="14" text-anchor="end">${escapeText(words)}</text>`,
  ];
}

function middleOf(lane: number): number {
  return margin.top + (lane + 0.5) * laneHeight;
}

function xOf(ms: number, endMs: number): number {
  return margin.left + (ms / endMs) * (width - margin.left - margin.right);
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
