/** The label at a tip: which nodes follow it, and how its work compares with that of other tips. */

import { secondsText } from "../../story/clock-text.ts";
import type { TipFigures } from "../../story/tip-figures.ts";
import { workText } from "../../story/work-text.ts";
import { Lock } from "./block-box.tsx";
import { namesInWords, withheldWords } from "./block-words.ts";
import { boxHeight, boxWidth, flagRoom } from "./geometry.ts";

export type TipFlagProps = {
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly followers: readonly string[];
  readonly figures: TipFigures;
  readonly miner: string | null;
  readonly isWithheld: boolean;
  /** Whether a block is drawn right of it, so that there is room only below. */
  readonly isNarrow: boolean;
};

const flagWidth = flagRoom - 24;
const lineHeight = 13;
const barLeft = 86;
const barWidth = flagWidth - barLeft - 9;
const namesLengthMax = 22;

export function TipFlag(props: TipFlagProps) {
  return props.isNarrow ? <NarrowFlag {...props} /> : <WideFlag {...props} />;
}

function WideFlag(props: TipFlagProps) {
  const { x, y, colour, figures, isWithheld, followers, miner } = props;
  const { work, part } = figures;
  const lines = [leadText(figures), paceText(figures)].filter((line) => line !== "");
  const height = 2 * lineHeight + lines.length * lineHeight + 8;
  return (
    <g
      class="flag"
      style={{ "--branch": colour }}
      transform={`translate(${x + boxWidth / 2 + 8} ${y - height / 2})`}
    >
      <title>{flagWords(props)}</title>
      <rect class="flag-ground" width={flagWidth} height={height} rx={5} />
      <rect class="flag-pole" width={3} height={height} rx={1.5} />
      {isWithheld && <Lock x={14} y={10} />}
      <text class="flag-names" x={isWithheld ? 23 : 9} y={lineHeight + 1}>
        {isWithheld ? withheldWords(miner) : namesThatFit(followers)}
      </text>
      <text class="flag-figures" x={9} y={2 * lineHeight + 1}>
        work {work === null ? "unknown" : workText(work)}
      </text>
      <rect class="bar-ground" x={barLeft} y={lineHeight + 7} width={barWidth} height={7} rx={2} />
      <rect class="bar" x={barLeft} y={lineHeight + 7} width={barWidth * part} height={7} rx={2} />
      {lines.map((line, i) => (
        <text key={i} class="flag-figures" x={9} y={(3 + i) * lineHeight + 1}>
          {line}
        </text>
      ))}
    </g>
  );
}

/** The initials only. */
function NarrowFlag(props: TipFlagProps) {
  const { x, y, colour, followers } = props;
  const initials = followers.map((name) => name.slice(0, 1).toUpperCase()).join(" ");
  const width = 10 + 10 * followers.length;
  return (
    <g
      class="flag narrow"
      style={{ "--branch": colour }}
      transform={`translate(${x} ${y + boxHeight / 2 + 3})`}
    >
      <title>{flagWords(props)}</title>
      <rect class="flag-ground" x={-width / 2} width={width} height={14} rx={4} />
      <text class="flag-names" y={11}>
        {initials}
      </text>
    </g>
  );
}

function namesThatFit(names: readonly string[]): string {
  const shown: string[] = [];
  for (const name of names) {
    const isTooLong = [...shown, name].join(" ").length > namesLengthMax;
    if (shown.length > 0 && isTooLong) return `${shown.join(" ")} +${names.length - shown.length}`;
    shown.push(name);
  }
  return shown.join(" ");
}

/** Such as "1.0 blocks behind"; empty for the best tip and for one that is as good. */
function leadText({ lead }: TipFigures): string {
  if (lead === null || Math.abs(lead) < 0.05) return "";
  return `${Math.abs(lead).toFixed(1)} blocks ${lead < 0 ? "behind" : "ahead"}`;
}

function paceText({ intervalMs, blockWork }: TipFigures): string {
  const pace = intervalMs === null ? [] : [`every ${secondsText(intervalMs)}`];
  const difficulty = blockWork === null ? [] : [`${workText(blockWork)} each`];
  return [...pace, ...difficulty].join(" · ");
}

function flagWords({ followers, figures, isWithheld, miner }: TipFlagProps): string {
  const { work, lead, intervalMs, blockWork } = figures;
  const follow = `${namesInWords(followers)} ${followers.length === 1 ? "follows" : "follow"} this tip`;
  const words = [followers.length === 0 ? "no node follows this tip" : follow];
  if (isWithheld) words.push(withheldWords(miner));
  if (work !== null) words.push(`work of its branch: ${workText(work)} hashes`);
  if (lead !== null && Math.abs(lead) >= 0.05) {
    const side = lead < 0 ? "behind" : "ahead of";
    words.push(`${Math.abs(lead).toFixed(1)} blocks of work ${side} the best tip`);
  }
  if (intervalMs !== null) words.push(`mean block interval: ${secondsText(intervalMs)}`);
  if (blockWork !== null) words.push(`work per block: ${workText(blockWork)} hashes`);
  words.push("the bar compares the work since the branches forked");
  return words.join("; ");
}
