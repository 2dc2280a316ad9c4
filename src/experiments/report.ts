/** The report: one HTML page with tables and plots that asks nobody for anything. */

import {
  confirmationsFor,
  doubleSpendProbability,
  exactProbability,
  nakamotoProbability,
  strictProbability,
} from "../theory/double-spend.ts";
import { selfishRevenue, selfishThreshold, staleFraction } from "../theory/mining.ts";
import { doubleSpendShares, selfishGammas, worstScore, type Result } from "./experiment.ts";
import { drawChart, escapeText, type Chart, type Series } from "./chart.ts";
import { sheetOf, type Sheet } from "./sheet.ts";

export type Section = {
  readonly heading: string;
  /** Sentences: what was done, and what to look for. */
  readonly text: string;
  readonly plots: readonly Chart[];
  readonly sheets: readonly Sheet[];
};

export type Results = {
  readonly doubleSpend?: readonly Result[];
  readonly selfishMining?: readonly Result[];
  readonly stale?: readonly Result[];
};

/** The sections for whatever has results. */
export function sectionsOf({ doubleSpend, selfishMining, stale }: Results): Section[] {
  return [
    ...(doubleSpend ? [doubleSpendSection(doubleSpend)] : []),
    ...(selfishMining ? [selfishMiningSection(selfishMining)] : []),
    ...(stale ? [staleSection(stale)] : []),
  ];
}

/** @see Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008, §11 */
const nakamotoPublished = [
  [0.1, 1, 0.2045873],
  [0.1, 2, 0.0509779],
  [0.1, 3, 0.0131722],
  [0.1, 4, 0.0034552],
  [0.1, 5, 0.0009137],
  [0.1, 6, 0.0002428],
  [0.1, 7, 0.0000647],
  [0.1, 8, 0.0000173],
  [0.1, 9, 0.0000046],
  [0.1, 10, 0.0000012],
  [0.3, 5, 0.1773523],
  [0.3, 10, 0.0416605],
  [0.3, 15, 0.0101008],
  [0.3, 20, 0.0024804],
  [0.3, 25, 0.0006132],
  [0.3, 30, 0.0001522],
  [0.3, 35, 0.0000379],
  [0.3, 40, 0.0000095],
  [0.3, 45, 0.0000024],
  [0.3, 50, 0.0000006],
] as const;

/** The table of Bitcoin's paper, beside the same formula here and what is exact. */
export function nakamotoSheet(): Sheet {
  const digits = 7;
  return {
    title: "Nakamoto's table, section 11",
    columns: ["share", "conf.", "his paper", "his formula", "exact", "exact, no premine"],
    rows: nakamotoPublished.map(([share, confirmations, published]) => [
      String(share),
      String(confirmations),
      published.toFixed(digits),
      nakamotoProbability(share, confirmations).toFixed(digits),
      exactProbability(share, confirmations).toFixed(digits),
      strictProbability(share, confirmations).toFixed(digits),
    ]),
  };
}

const risk = 0.001;

/** How many confirmations are enough, as Bitcoin's paper says and as it is. */
export function riskSheet(): Sheet {
  return {
    title: "Confirmations for a risk below 0.1 %",
    columns: ["share", "Nakamoto", "exact"],
    rows: doubleSpendShares.map((share) => [
      String(share),
      String(confirmationsFor(share, risk, nakamotoProbability)),
      String(confirmationsFor(share, risk)),
    ]),
  };
}

/** From which share on selfish mining earns more than its share. */
export function thresholdSheet(): Sheet {
  return {
    title: "Thresholds of selfish mining",
    columns: ["gamma", "pays above a share of"],
    rows: selfishGammas.map((gamma) => [String(gamma), selfishThreshold(gamma).toFixed(5)]),
  };
}

function doubleSpendSection(results: readonly Result[]): Section {
  const premines = ([0, 1] as const).filter((premine) => {
    return results.some(({ about }) => about["premine"] === premine);
  });
  return {
    heading: "Double spend",
    text:
      "The attacker publishes a secret branch as soon as the payment has its confirmations and the " +
      "branch is strictly longer. Lines are the exact probabilities, points what races came to, with " +
      "intervals of 95 %. With a premine of one block the probability is Rosenfeld's; Nakamoto's column " +
      `is his approximation of those. ${farthest(results)}`,
    plots: premines.map((premine) => doubleSpendPlot(results, premine)),
    sheets: [
      ...premines.map((premine) => {
        const some = results.filter(({ about }) => about["premine"] === premine);
        return sheetOf(premine === 1 ? "One block beforehand" : "Nothing beforehand", some);
      }),
      nakamotoSheet(),
      riskSheet(),
    ],
  };
}

const probabilityMin = 1e-4;

function doubleSpendPlot(results: readonly Result[], premine: 0 | 1): Chart {
  const some = results.filter(({ about }) => about["premine"] === premine);
  const depths = valuesOf(some, "confirmations");
  return {
    title:
      premine === 1
        ? "Probability with one block mined beforehand"
        : "Probability with nothing beforehand",
    x: { title: "confirmations", min: 0.5, max: Math.max(...depths, 1) + 0.5, ticks: depths },
    y: {
      title: "probability of success",
      min: probabilityMin,
      max: 1,
      ticks: [0.0001, 0.001, 0.01, 0.1, 1],
      scale: "logarithmic",
    },
    series: valuesOf(some, "share").map((share) => ({
      name: `share ${share}`,
      curve: depths.map((confirmations) => {
        return [confirmations, doubleSpendProbability({ share, confirmations, premine })];
      }),
      points: pointsOf(some, "confirmations", "share", share),
    })),
  };
}

const curveSteps = 98;

function selfishMiningSection(results: readonly Result[]): Section {
  const gammas = valuesOf(results, "gamma");
  const shareMax = 0.5;
  const series: Series[] = gammas.map((gamma) => ({
    name: `gamma ${gamma}`,
    curve: along(0, 0.49, (share) => selfishRevenue(share, gamma)),
    points: pointsOf(results, "share", "gamma", gamma),
  }));
  const honest: Series = {
    name: "honest",
    curve: along(0, shareMax, (share) => share),
    points: [],
  };
  return {
    heading: "Selfish mining",
    text:
      "The part of the blocks on the best branch that a selfish miner gets, by its share of the hash " +
      "power. Lines are Eyal and Sirer's closed form; where one crosses the straight line, selfish " +
      `mining begins to pay: the upright lines. ${farthest(results)}`,
    plots: [
      {
        title: "Revenue of a selfish miner",
        x: {
          title: "share of the power",
          min: 0,
          max: shareMax,
          ticks: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
        },
        y: { title: "part of the blocks", min: 0, max: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
        series: [...series, honest],
        marks: gammas.map((gamma) => {
          const x = selfishThreshold(gamma);
          return { name: `gamma ${gamma}: ${Number(x.toFixed(3))}`, x };
        }),
      },
    ],
    sheets: [sheetOf("Eyal and Sirer's miner", results), thresholdSheet()],
  };
}

function staleSection(results: readonly Result[]): Section {
  const delayMax = Math.max(...valuesOf(results, "delay"), 1);
  const [miners = 0] = valuesOf(results, "miners");
  return {
    heading: "Stale blocks",
    text:
      `${miners} equal miners hear of each block after one and the same delay. The line is x/(1+x), ` +
      "for very many miners and a delay of x block intervals; the theory of the table counts the " +
      `miners, too. ${farthest(results)}`,
    plots: [
      {
        title: "Blocks lost to delay",
        x: { title: "delay in block intervals", min: 0, max: delayMax, ticks: [0, 0.5, 1, 1.5, 2] },
        y: { title: "part of the blocks", min: 0, max: 0.8, ticks: [0, 0.2, 0.4, 0.6, 0.8] },
        series: [
          {
            name: "stale",
            curve: along(0, delayMax, staleFraction),
            points: pointsOf(results, "delay", "miners", miners),
          },
        ],
      },
    ],
    sheets: [sheetOf("Stale blocks", results)],
  };
}

function farthest(results: readonly Result[]): string {
  const score = worstScore(results).toFixed(2);
  return `Of ${results.length} estimates the farthest from theory is ${score} standard errors off.`;
}

function along(min: number, max: number, height: (x: number) => number) {
  return Array.from({ length: curveSteps + 1 }, (_, step): readonly [number, number] => {
    const x = min + ((max - min) * step) / curveSteps;
    return [x, height(x)];
  });
}

function pointsOf(results: readonly Result[], x: string, key: string, value: number) {
  const some = results.filter(({ about }) => about[key] === value);
  return some.map(({ about, estimate, interval }) => {
    return { x: about[x] ?? NaN, y: estimate, span: interval };
  });
}

/** Each once, in rising order. */
function valuesOf(results: readonly Result[], key: string): number[] {
  return [...new Set(results.map(({ about }) => about[key] ?? NaN))].sort((a, b) => a - b);
}

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
svg { width: 100%; max-width: 46rem; height: auto; font-size: 11px; }
svg text { fill: currentColor; stroke: none; }
svg .title { font-size: 13px; font-weight: 600; }
svg .grid { stroke: currentColor; opacity: 0.12; }
svg .mark { stroke: currentColor; opacity: 0.6; stroke-dasharray: 4 3; }
svg .curve { fill: none; stroke-width: 1.5; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 0.15rem 0.7rem; text-align: right; border-bottom: 1px solid #8884; }
div.sheet { overflow-x: auto; }
`;

/** @param footer what the page was made with: the seed and the command. */
export function formatReport(sections: readonly Section[], footer: string): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // A promise to whoever opens the page: it loads nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>powlab: attacks beside theory</title><style>${style}</style></head><body>`,
    "<h1>Attacks beside theory</h1>",
    ...sections.flatMap(formatSection),
    `<p><small>${escapeText(footer)}</small></p>`,
    "</body></html>",
    "",
  ].join("\n");
}

function formatSection({ heading, text, plots, sheets }: Section): string[] {
  return [
    `<section><h2>${escapeText(heading)}</h2><p>${escapeText(text)}</p>`,
    ...plots.map(drawChart),
    ...sheets.map(formatSheet),
    "</section>",
  ];
}

function formatSheet({ title, columns, rows }: Sheet): string {
  const head = columns.map((column) => `<th>${escapeText(column)}</th>`).join("");
  const body = rows.map((row) => {
    return `<tr>${row.map((cell) => `<td>${escapeText(cell)}</td>`).join("")}</tr>`;
  });
  return (
    `<h3>${escapeText(title)}</h3><div class="sheet"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("\n")}</tbody></table></div>`
  );
}
