/** The scorecards as a page, with a drawing of every history. */

import type { Scorecard } from "../sim/cap/scorecard.ts";
import { sheetsOfCards } from "./cap/sheets.ts";
import { formatReport, type Section } from "./report.ts";

export type Drawn = { readonly card: Scorecard; readonly drawing: string };

export type PageOptions = {
  readonly oneWayMs: number | undefined;
  /** Sentences: the phases, and what else must be known to read the tables. */
  readonly text: string;
  readonly footer: string;
};

export function formatCapPage(drawn: readonly Drawn[], options: PageOptions): string {
  const { oneWayMs, text, footer } = options;
  const cards = drawn.map(({ card }) => card);
  const sections: readonly Section[] = [
    { heading: "One table", text, charts: [], sheets: sheetsOfCards(cards, oneWayMs) },
    {
      heading: "Histories",
      text:
        "A lane for each node's client, a bar for each request. Blue: answered. Orange: given up, " +
        "or never answered. Red: answered, and then taken back. The colours behind the lanes are the " +
        "sides of a split network; a node that is down, or lies, has a dark one. The red line is where the " +
        "history stops to be linearizable.",
      charts: [],
      drawings: drawn.map(({ drawing }) => drawing),
      sheets: [],
    },
  ];
  return formatReport(sections, footer, "Every protocol under one schedule of faults");
}
