/** The strip at the top: seven figures of the network, and the settings of the page. */

import "./strip.css";
import type { ComponentChildren } from "preact";
import { type Connection, useDashboard } from "../state/dashboard.ts";
import { secondsText } from "../story/clock-text.ts";
import { type Headline, headlineOf } from "../story/headline.ts";
import { intervalBlocks } from "../story/tip-figures.ts";
import { log2Of } from "../story/work-text.ts";
import { FirstStepsButton } from "./coach-cards.tsx";
import { ThemeButton } from "./elements/theme-button.tsx";

export function Strip() {
  const { playback, perspective, theme } = useDashboard();
  const { story } = playback.moment.value;
  const viewer = perspective.value === "everybody" ? null : perspective.value.node;
  return (
    <div class="strip-content">
      <h1>powlab</h1>
      <StateLabel />
      <dl class="strip-figures">
        <Figures headline={headlineOf(story, viewer)} />
      </dl>
      <div class="strip-choices">
        <PerspectiveChoice />
        <LookButton />
        {location.protocol.startsWith("http") && <a href="/protocols">Protocols</a>}
        <ThemeButton theme={theme} />
        <FirstStepsButton />
      </div>
    </div>
  );
}

function Figures({ headline }: { readonly headline: Headline }) {
  const { height, tips, agreeing, nodesUp, waiting, stale, found, blockWork } = headline;
  const isAgreed = nodesUp > 0 && agreeing === nodesUp;
  return (
    <>
      <Figure name="height" hint="Height of the best tip: blocks from the first one to it">
        {height === null ? "–" : `#${height}`}
      </Figure>
      <Figure name="tips" hint="Different tips that the nodes follow: more than one is a fork">
        {tips}
      </Figure>
      <Figure name="agree" hint="Nodes that follow the best tip" tone={isAgreed ? "good" : "warn"}>
        {nodesUp === 0 ? "–" : `${agreeing}/${nodesUp}`}
      </Figure>
      <Figure
        name="block interval"
        hint={`Mean of the last ${intervalBlocks} blocks, and the target that the difficulty is adjusted to`}
      >
        {intervalText(headline)}
      </Figure>
      <Figure
        name="work per block"
        hint="Expected number of hashes to find a block: its difficulty"
      >
        {blockWork === null ? "–" : <Power of={blockWork} />}
      </Figure>
      <Figure name="mempool" hint="Unconfirmed transactions in the fullest mempool">
        {waiting}
      </Figure>
      <Figure name="stale" hint={`${stale} of ${found} blocks are stale: no node follows them`}>
        {found === 0 ? "–" : `${((100 * stale) / found).toFixed(1)} %`}
      </Figure>
    </>
  );
}

type FigureProps = {
  readonly name: string;
  readonly hint: string;
  readonly tone?: "good" | "warn";
  readonly children: ComponentChildren;
};

function Figure({ name, hint, tone, children }: FigureProps) {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd class={`number ${tone ?? ""}`}>{children}</dd>
    </div>
  );
}

function intervalText({ meanIntervalMs, targetSeconds }: Headline): ComponentChildren {
  const observed = meanIntervalMs === null ? "–" : secondsText(meanIntervalMs);
  const target = targetSeconds === null ? "" : ` of ${targetSeconds} s`;
  return (
    <>
      {observed}
      <span class="muted">{target}</span>
    </>
  );
}

function Power({ of }: { readonly of: bigint }) {
  return (
    <>
      2<sup>{log2Of(of).toFixed(1)}</sup>
    </>
  );
}

/** Whether the page shows the present, an earlier moment, or a recording. */
function StateLabel() {
  const { kind, connection, playback } = useDashboard();
  const { state } = connection.value;
  const isPast = state === "open" && playback.mode.value !== "live";
  const sign = kind === "replay" && state === "ended" ? "recording" : isPast ? "past" : state;
  return (
    <span class={`strip-sign sign-${sign}`} role="status">
      {signs[sign]}
    </span>
  );
}

const signs: Readonly<Record<Connection["state"] | "past" | "recording", string>> = {
  waiting: "connecting…",
  open: "live",
  past: "earlier moment",
  lost: "connection lost",
  ended: "ended",
  recording: "recording",
};

function PerspectiveChoice() {
  const { perspective, playback, kind } = useDashboard();
  if (kind === "node") return null;
  const { value } = perspective;
  const names = playback.moment.value.story.nodes.map(({ name }) => name);
  return (
    <label class="strip-perspective">
      See as
      <select
        value={value === "everybody" ? "" : value.node}
        onChange={({ currentTarget: { value: node } }) => {
          perspective.value = node === "" ? "everybody" : { node };
        }}
      >
        <option value="">all nodes</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function LookButton() {
  const { look } = useDashboard();
  const isBoard = look.value === "board";
  return (
    <button
      type="button"
      aria-pressed={isBoard}
      title="Only the network and its blocks, in large type (B)"
      onClick={() => (look.value = isBoard ? "desk" : "board")}
    >
      Projector
    </button>
  );
}
