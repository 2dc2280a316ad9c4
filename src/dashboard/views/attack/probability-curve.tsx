/** What an attacker gets, by its share of the hash power: theory's curve, our dot, and estimates. */

import type { AttackOptions, Curve } from "../../../contract/attacks.ts";
import { chanceText } from "../../story/chance-text.ts";
import type { Estimate } from "../../story/trial-text.ts";

type Props = {
  readonly attack: AttackOptions["type"];
  readonly curve: Curve;
  /** Where our dot stands. */
  readonly share: number;
  readonly value: number;
  /** The newest last. */
  readonly estimates: readonly Estimate[];
};

const [width, height] = [320, 168];
const plot = { left: 38, right: width - 10, top: 8, bottom: height - 32 } as const;
/** Below a third of the power, hiding blocks does not pay. @see Eyal & Sirer, 2014: γ = 0 */
const selfishThreshold = 1 / 3;

export function ProbabilityCurve({ attack, curve, share, value, estimates }: Props) {
  const shareMax = Math.max(curve.at(-1)?.[0] ?? 0, share);
  const x = (at: number): number => plot.left + ((plot.right - plot.left) * at) / shareMax;
  const y = (part: number): number => plot.bottom - (plot.bottom - plot.top) * part;
  const points = curve.map(([at, part]) => `${x(at).toFixed(1)} ${y(part).toFixed(1)}`);
  const what = attack === "selfish-mining" ? "part of the blocks" : "chance to succeed";
  return (
    <svg
      class="probability-curve"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Curve: with ${chanceText(share)} of the hash power, ${what}: ${chanceText(value)}`}
    >
      <Axes shareMax={shareMax} x={x} y={y} what={what} />
      {attack === "selfish-mining" && <SelfishLines shareMax={shareMax} x={x} y={y} />}
      <path class="probability-line" d={`M${points.join("L")}`} />
      <path class="probability-guide" d={`M${plot.left} ${y(value)}H${x(share)}V${plot.bottom}`} />
      <circle class="probability-dot" cx={x(share)} cy={y(value)} r={4.5} />
      {estimates.map((estimate, i) => (
        <EstimateMark
          key={`${estimate.share} ${estimate.seed}`}
          estimate={estimate}
          isNewest={i === estimates.length - 1}
          x={x}
          y={y}
        />
      ))}
    </svg>
  );
}

type Scale = (value: number) => number;
type Scales = { readonly x: Scale; readonly y: Scale };
type AxesProps = Scales & { readonly shareMax: number; readonly what: string };

function Axes({ shareMax, x, y, what }: AxesProps) {
  const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1].filter((at) => at <= shareMax);
  return (
    <g class="probability-axes">
      {[0, 0.25, 0.5, 0.75, 1].map((part) => (
        <path key={part} d={`M${plot.left} ${y(part)}H${plot.right}`} />
      ))}
      {[0, 0.5, 1].map((part) => (
        <text key={part} x={plot.left - 5} y={y(part) + 3} text-anchor="end">
          {100 * part} %
        </text>
      ))}
      {shares.map((at) => (
        <text key={at} x={x(at)} y={plot.bottom + 13} text-anchor="middle">
          {Math.round(100 * at)}
        </text>
      ))}
      <text x={plot.right} y={height - 5} text-anchor="end">
        her share of the hash power, %
      </text>
      <text x={plot.left + 5} y={plot.top + 11}>
        {what}
      </text>
    </g>
  );
}

/** What honest mining would get, and the share from which hiding gets more. */
function SelfishLines({ shareMax, x, y }: Scales & { readonly shareMax: number }) {
  return (
    <g class="probability-honest">
      <path d={`M${x(0)} ${y(0)}L${x(shareMax)} ${y(shareMax)}`} />
      <path d={`M${x(selfishThreshold)} ${plot.top}V${plot.bottom}`} />
      <text x={x(0.4)} y={y(0.31)}>
        honest
      </text>
      <text x={x(selfishThreshold) - 4} y={plot.top + 26} text-anchor="end">
        pays from ⅓ on
      </text>
    </g>
  );
}

type EstimateProps = Scales & { readonly estimate: Estimate; readonly isNewest: boolean };

/** A point with its 95 % interval. */
function EstimateMark({ estimate, isNewest, x, y }: EstimateProps) {
  const [low, high] = estimate.interval;
  const [at, top, bottom] = [x(estimate.share), y(high), y(low)];
  return (
    <g class={isNewest ? "probability-estimate" : "probability-estimate is-earlier"}>
      <path
        d={`M${at - 5} ${top}H${at + 5}M${at} ${top}V${bottom}M${at - 5} ${bottom}H${at + 5}`}
      />
      <rect x={at - 2.5} y={y(estimate.estimate) - 2.5} width={5} height={5} />
    </g>
  );
}
