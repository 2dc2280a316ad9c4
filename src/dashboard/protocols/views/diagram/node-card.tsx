/** A card for each process, beside its lane: what it is at the moment shown. */

import "./node-card.css";
import type { LogCell, ProcessView } from "../../../../protocols/process/protocol.ts";
import type { RunRecord, Stage } from "../../../simulator/run-record.ts";
import { eraColour } from "../../run/lane.ts";
import { stageOf } from "../../run/moment.ts";
import { eraWord } from "../../run/words.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";
import { type Frame, lanePosition } from "./frame.ts";
import { memo } from "./memo.ts";

type Props = { readonly record: RunRecord; readonly frame: Frame };

export function NodeCards({ record, frame }: Props) {
  const { moment } = useProtocolPage();
  return (
    <ul class="node-cards" aria-label="What each process is at this moment">
      {record.names.map((name, lane) => (
        <li
          key={name}
          class="node-card"
          data-node={name}
          style={frame.isDown ? {} : { top: `${lanePosition(frame, lane)}px` }}
        >
          <NodeCard {...{ record, name }} stage={stageOf(record, name, moment.value)} />
        </li>
      ))}
    </ul>
  );
}

type CardProps = {
  readonly record: RunRecord;
  readonly name: string;
  readonly stage: Stage | undefined;
};

/** Drawn anew only when its process is another: most pictures change none. */
const NodeCard = memo(function NodeCard({ record, name, stage }: CardProps) {
  if (stage === undefined) return <span class="muted">{name} has not started</span>;
  const { view, health, isHonest } = stage;
  const word = eraWord(record.settings.protocol);
  const isUp = health === "running";
  return (
    <div class={isUp ? "" : "node-card-down"}>
      <p class="node-card-head">
        <strong>{name}</strong>{" "}
        <span class="node-card-role">
          {isUp ? (view.isLeader ? `★ ${view.role}` : view.role) : health}
        </span>{" "}
        {word !== undefined && view.era > 0 && (
          <span class={`era-badge era-${eraColour(view.era)}`}>
            {word} {view.era}
          </span>
        )}{" "}
        {!isHonest && <span class="bad">byzantine</span>}
      </p>
      {view.log && <Log log={view.log} />}
      <p class="node-card-facts">{factsOf(view)}</p>
    </div>
  );
});

/** So many fit beside a lane. */
const cellsMax = 8;

function Log({ log }: { readonly log: NonNullable<ProcessView["log"]> }) {
  const { firstIndex, cells, committed, applied } = log;
  const left = Math.max(0, cells.length - cellsMax);
  const first = firstIndex + left;
  return (
    <ol class="log-cells" aria-label="log">
      {first > 1 && <li class="log-rest">…{first - 1}</li>}
      {cells.slice(left).map((cell, at) => (
        <Cell key={first + at} {...{ cell, index: first + at, committed, applied }} />
      ))}
      {cells.length === 0 && <li class="log-rest">empty log</li>}
    </ol>
  );
}

type CellProps = {
  readonly cell: LogCell;
  readonly index: number;
  readonly committed: number;
  readonly applied: number;
};

function Cell({ cell: { era, command }, index, committed, applied }: CellProps) {
  const state = index <= applied ? "applied" : index <= committed ? "committed" : "only in the log";
  const look = index <= committed ? "committed" : "open";
  const told = `entry ${index} of ${era}, ${state}: ${command === "" ? "nothing" : command}`;
  return (
    <li
      class={`log-cell log-${look} ${index <= applied ? "log-applied" : ""} era-${eraColour(era)}`}
      title={told}
      aria-label={told}
    >
      {era}
    </li>
  );
}

function factsOf({ votedFor, log, blocked, decisions }: ProcessView): string {
  const last = log && log.firstIndex + log.cells.length - 1;
  const decided = Object.entries(decisions).slice(-2);
  return [
    ...(votedFor === undefined ? [] : [`voted ${votedFor}`]),
    ...(log === undefined ? [] : [`${log.committed} of ${last} committed`]),
    ...(blocked.length === 0 ? [] : [`locked: ${blocked.slice(-2).join(", ")}`]),
    ...(decided.length === 0 ? [] : [`decided: ${decided.map(decisionText).join(", ")}`]),
  ].join(" · ");
}

function decisionText([name, value]: readonly [string, unknown]): string {
  return name === "" || name === "value"
    ? JSON.stringify(value)
    : `${name} ${JSON.stringify(value)}`;
}
