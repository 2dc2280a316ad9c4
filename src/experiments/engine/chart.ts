/** A chart as SVG text: curves of theory, and points with their intervals. */

import type { Interval } from "../../theory/statistics.ts";

export type Axis = {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** Equal factors are equal distances; `min` must be above 0 then. */
  readonly scale?: "linear" | "logarithmic";
};

export type Series = {
  readonly name: string;
  /** What theory says, from left to right. */
  readonly curve: readonly (readonly [x: number, y: number])[];
  /** What was measured. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly span: Interval }[];
};

/** An upright line with its name. */
export type Mark = { readonly name: string; readonly x: number };

export type Chart = {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
};

const width = 640;
const height = 400;
const margin = { left: 62, right: 120, top: 34, bottom: 46 };
const pointRadius = 3;
/** Distinct for most readers, colour-blind ones too. @see Okabe & Ito, 2008 */
const colours = [
  ...["#0072b2", "#d55e00", "#009e73", "#cc79a7"],
  ...["#e69f00", "#56b4e9", "#7a5195", "#6b6b6b"],
];

export function drawChart(chart: Chart): string {
  const canvas = new Canvas(chart);
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeText(chart.title)}</title>`,
    `<text class="title" x="${margin.left}" y="18">${escapeText(chart.title)}</text>`,
    ...canvas.drawAxes(),
    ...(chart.marks ?? []).map((mark, position) => canvas.drawMark(mark, position)),
    ...chart.series.flatMap((series, position) => canvas.drawSeries(series, position)),
    "</svg>",
  ].join("\n");
}

class Canvas {
  readonly #chart: Chart;

  constructor(chart: Chart) {
    this.#chart = chart;
  }

  drawAxes(): string[] {
    const { x, y } = this.#chart;
    const [left, right] = [margin.left, width - margin.right];
    const [top, bottom] = [margin.top, height - margin.bottom];
    const middle = (top + bottom) / 2;
    return [
      ...x.ticks.flatMap((tick) => {
        const at = round(this.#x(tick));
        return [
          `<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>`,
          `<text x="${at}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
        ];
      }),
      ...y.ticks.flatMap((tick) => {
        const at = round(this.#y(tick));
        return [
          `<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/>`,
          `<text x="${left - 6}" y="${at + 4}" text-anchor="end">${tick}</text>`,
        ];
      }),
      `<text x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${escapeText(x.title)}</text>`,
      `<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${escapeText(y.title)}</text>`,
    ];
  }

  drawMark({ name, x }: Mark, position: number): string {
    const at = round(this.#x(x));
    const nameY = margin.top + 12 * (position + 1);
    const [top, bottom] = [margin.top, height - margin.bottom];
    return (
      `<line class="mark" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>` +
      `<text x="${at + 4}" y="${nameY}">${escapeText(name)}</text>`
    );
  }

  drawSeries({ name, curve, points }: Series, position: number): string[] {
    const colour = colours[position % colours.length] ?? "";
    const inside = curve.filter(([, y]) => this.#isVisible(y));
    const path = inside.map(([x, y]) => `${round(this.#x(x))},${round(this.#y(y))}`).join(" ");
    const legendY = margin.top + 16 * position + 8;
    const legendX = width - margin.right + 10;
    return [
      `<g stroke="${colour}" fill="${colour}">`,
      `<polyline class="curve" points="${path}"/>`,
      ...points.filter(({ y }) => this.#isVisible(y)).map((point) => this.#drawPoint(point)),
      `<circle cx="${legendX}" cy="${legendY}" r="${pointRadius}"/>`,
      `<text class="name" x="${legendX + 8}" y="${legendY + 4}">${escapeText(name)}</text>`,
      "</g>",
    ];
  }

  #drawPoint({ x, y, span }: Series["points"][number]): string {
    const at = round(this.#x(x));
    const { min, max } = this.#chart.y;
    const [low, high] = [Math.max(span[0], min), Math.min(span[1], max)];
    return (
      `<line x1="${at}" x2="${at}" y1="${round(this.#y(low))}" y2="${round(this.#y(high))}"/>` +
      `<circle cx="${at}" cy="${round(this.#y(y))}" r="${pointRadius}"/>`
    );
  }

  #isVisible(y: number): boolean {
    return y >= this.#chart.y.min && y <= this.#chart.y.max;
  }

  #x(value: number): number {
    return margin.left + partOf(this.#chart.x, value) * (width - margin.left - margin.right);
  }

  #y(value: number): number {
    return (
      height - margin.bottom - partOf(this.#chart.y, value) * (height - margin.top - margin.bottom)
    );
  }
}

/** Where on an axis a value is: 0 at its beginning, 1 at its end. */
function partOf({ min, max, scale = "linear" }: Axis, value: number): number {
  if (scale === "linear") return (value - min) / (max - min);
  return Math.log(value / min) / Math.log(max / min);
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
