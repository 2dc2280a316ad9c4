/** What an attacker gets, by its share of the hash power: theory's curve, our dot, and estimates. */

import { type AttackName, attackNamed } from "../../../attacks/catalogue.ts";
import type { Curve } from "../../../attacks/record/closed-form.ts";
import { percent, probabilityText } from "../../../primitives/figures.ts";
import type { Estimate } from "../../story/trial-text.ts";

type Props = {
  readonly attack: AttackName;
  readonly curve: Curve;
  /** Where our dot stands. */
  readonly share: number;
  readonly value: number;
  /** The newest last. */
  readonly estimates: readonly Estimate[];
};

const [width, height] = [320, 168];
const frame = { left: 38, right: width - 10, top: 8, bottom: height - 32 } as const;

export function ProbabilityCurve({ attack, curve, share, value, estimates }: Props) {
  const shareMax = Math.max(curve.at(-1)?.[0] ?? 0, share);
  const x = (at: number): number => frame.left + ((frame.right - frame.left) * at) / shareMax;
  const y = (part: number): number => frame.bottom - (frame.bottom - frame.top) * part;
  const points = curve.map(([at, part]) => `${x(at).toFixed(1)} ${y(part).toFixed(1)}`);
  const { quantity, paysAbove } = attackNamed(attack).theory;
  return (
    <svg
      class="probability-curve"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Curve: with ${probabilityText(share)} of the hash power, ${quantity}: ${probabilityText(value)}`}
    >
      <Axes shareMax={shareMax} x={x} y={y} what={quantity} />
      {paysAbove !== undefined && <HonestLines {...{ paysAbove, shareMax, x, y }} />}
      <path class="probability-line" d={`M${points.join("L")}`} />
      <path
        class="probability-guide"
        d={`M${frame.left} ${y(value)}H${x(share)}V${frame.bottom}`}
      />
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
        <path key={part} d={`M${frame.left} ${y(part)}H${frame.right}`} />
      ))}
      {[0, 0.5, 1].map((part) => (
        <text key={part} x={frame.left - 5} y={y(part) + 3} text-anchor="end">
          {100 * part} %
        </text>
      ))}
      {shares.map((at) => (
        <text key={at} x={x(at)} y={frame.bottom + 13} text-anchor="middle">
          {Math.round(100 * at)}
        </text>
      ))}
      <text x={frame.right} y={height - 5} text-anchor="end">
        her share of the hash power, %
      </text>
      <text x={frame.left + 5} y={frame.top + 11}>
        {what}
      </text>
    </g>
  );
}

type HonestProps = Scales & { readonly paysAbove: number; readonly shareMax: number };

/** What honest mining would get, and the share from which the attack gets more. */
function HonestLines({ paysAbove, shareMax, x, y }: HonestProps) {
  return (
    <g class="probability-honest">
      <path d={`M${x(0)} ${y(0)}L${x(shareMax)} ${y(shareMax)}`} />
      <path d={`M${x(paysAbove)} ${frame.top}V${frame.bottom}`} />
      <text x={x(0.4)} y={y(0.31)}>
        honest
      </text>
      <text x={x(paysAbove) - 4} y={frame.top + 26} text-anchor="end">
        pays above {percent(paysAbove)}
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
