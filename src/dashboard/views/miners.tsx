/** The miners: the hash power that is set, the share of blocks that is observed, and the branches. */

import "./miners.css";
import { useMemo } from "preact/hooks";
import { eventWords } from "../../contract/timeline-words.ts";
import { counted } from "../../primitives/figures.ts";
import { useDashboard } from "../state/dashboard.ts";
import { durationText, secondsText } from "../story/clock-text.ts";
import { type Observed, observedShares } from "../story/mining-figures.ts";
import { type SeenTip, type Sight, sightOf } from "../story/sight.ts";
import type { StoryNode } from "../story/story.ts";
import { intervalBlocks, type TipFigures, tipFigures } from "../story/tip-figures.ts";
import { countText, percentText } from "./elements/figure-text.ts";
import { Problem } from "./elements/lever.tsx";
import { BlockLink } from "./elements/name-link.tsx";
import { viewerOf } from "./elements/viewpoint.ts";
import { useShareSlider } from "./use-share-slider.ts";

/** Observed shares are computed from at most so many blocks. */
const latestBlocks = 50;

export function Miners() {
  const { playback, levers, perspective, kind } = useDashboard();
  const viewer = viewerOf(perspective.value);
  const moment = playback.moment.value;
  const { story } = moment;
  const miners = story.nodes.filter(({ role }) => role === "miner");
  const names = miners.map(({ name }) => name);
  const observed = useMemo(
    () => observedShares(story, names, viewer, latestBlocks),
    [moment, viewer],
  );
  const { problem, shareOf, slide } = useShareSlider(story.shares);
  const refusal = levers.refusal.value;
  if (miners.length === 0) return <p class="muted">There are no miners yet.</p>;
  return (
    <div class="miners stack">
      <h2>Hash power</h2>
      <p class="small muted">
        {kind !== "node" &&
          "Set: the miner's share of the hash power; the others change in proportion. "}
        Found: its share of the last {latestBlocks} blocks, with the 95 % confidence interval.
      </p>
      <ul class="stack">
        {miners.map((node) => (
          <MinerRow
            key={node.name}
            node={node}
            share={kind === "node" ? null : shareOf(node.name)}
            observed={observed.get(node.name)}
            refusal={refusal}
            onSlide={(share) => slide(node.name, share)}
          />
        ))}
      </ul>
      <Problem text={problem} />
      {story.rest !== null && <Problem text={`${eventWords(story.rest) ?? ""}.`} />}
      {kind !== "node" && refusal !== null && <p class="small muted">{refusal}</p>}
      <Branches />
    </div>
  );
}

type RowProps = {
  readonly node: StoryNode;
  /** Null if it cannot be set. */
  readonly share: number | null;
  readonly observed: Observed | undefined;
  /** Why the slider does not work. */
  readonly refusal: string | null;
  readonly onSlide: (share: number) => void;
};

function MinerRow({ node, share, observed, refusal, onSlide }: RowProps) {
  const { name, state, measurement } = node;
  const rate = state === "up" ? (measurement?.hashesPerSecond ?? null) : 0;
  return (
    <li class="miner-row">
      <div class="row-title">
        <strong>{name}</strong>
        <span class="small muted number">
          {state === "up" ? "" : `${state}, `}
          {rate === null ? "" : `${countText(rate)} hashes/s, `}
          {counted(observed?.blocks ?? 0, "block")} found
        </span>
      </div>
      {share !== null && <SetShare {...{ name, share, refusal, onSlide }} />}
      {observed !== undefined && <ObservedBar observed={observed} share={share} />}
    </li>
  );
}

type SetShareProps = Pick<RowProps, "refusal" | "onSlide"> & {
  readonly name: string;
  readonly share: number;
};

function SetShare({ name, share, refusal, onSlide }: SetShareProps) {
  return (
    <label class="miner-line">
      <span class="small">set</span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(share * 100)}
        disabled={refusal !== null}
        title={refusal ?? ""}
        aria-label={`${name}'s share of the hash power`}
        aria-valuetext={percentText(share)}
        onInput={(event) => onSlide(event.currentTarget.valueAsNumber / 100)}
      />
      <output class="number">{percentText(share)}</output>
    </label>
  );
}

function ObservedBar({
  observed,
  share,
}: Pick<RowProps, "share"> & { readonly observed: Observed }) {
  const { interval, recentBlocks, recentOfAll } = observed;
  const [low, high] = interval;
  const found = observed.share;
  const words =
    found === null
      ? "no block yet"
      : `${recentBlocks} of ${recentOfAll} blocks, 95 % confidence interval ${percentText(low)} to ${percentText(high)}`;
  return (
    <div class="miner-line" title={words}>
      <span class="small muted">found</span>
      <svg class="observed" viewBox="0 0 100 16" preserveAspectRatio="none" role="img">
        <title>{words}</title>
        <rect class="observed-track" width={100} height={6} y={5} />
        <rect class="observed-bar" width={(found ?? 0) * 100} height={6} y={5} />
        {found !== null && (
          <path class="observed-interval" d={intervalPath(low * 100, high * 100)} />
        )}
        {share !== null && <path class="set-mark" d={`M${share * 100} 0V16`} />}
      </svg>
      <output class="number">{found === null ? "–" : percentText(found)}</output>
    </div>
  );
}

function intervalPath(low: number, high: number): string {
  return `M${low} 4V12M${low} 8H${high}M${high} 4V12`;
}

function Branches() {
  const { playback, perspective } = useDashboard();
  const moment = playback.moment.value;
  const { story } = moment;
  const viewer = viewerOf(perspective.value);
  const sight = useMemo(() => sightOf(story, viewer), [moment, viewer]);
  const [root] = story.blocks;
  const tips = sight.tips.map(({ hash }) => hash);
  const figures = tipFigures(story, tips, { best: sight.best, root });
  const targetMs = (story.setting?.blockIntervalSeconds ?? 0) * 1_000;
  return (
    <>
      <h2>Branches</h2>
      <p class="small muted">
        The target interval is {durationText(targetMs)}; the interval shown is the mean of the last{" "}
        {intervalBlocks} blocks.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">tip</th>
            <th scope="col">followed by</th>
            <th scope="col">interval</th>
            <th scope="col">hashes per block</th>
          </tr>
        </thead>
        <tbody>
          {sight.tips.map((tip) => (
            <BranchRow key={tip.hash} tip={tip} sight={sight} figures={figures.get(tip.hash)} />
          ))}
        </tbody>
      </table>
    </>
  );
}

/** More names than these are counted. */
const namesMax = 3;

function followersText(names: readonly string[]): string {
  if (names.length === 0) return "no node";
  return names.length > namesMax ? `${names.length} nodes` : names.join(", ");
}

type BranchProps = {
  readonly tip: SeenTip;
  readonly sight: Sight;
  readonly figures: TipFigures | undefined;
};

function BranchRow({ tip, sight, figures }: BranchProps) {
  const { hash, followers } = tip;
  const { intervalMs = null, blockWork = null } = figures ?? {};
  return (
    <tr>
      <td class="small">
        <BlockLink hash={hash} />
        {sight.standingOf(hash) === "withheld" && " withheld"}
      </td>
      <td class="small">{followersText(followers)}</td>
      <td class="number">{intervalMs === null ? "–" : secondsText(intervalMs)}</td>
      <td class="number">{blockWork === null ? "–" : countText(Number(blockWork))}</td>
    </tr>
  );
}
