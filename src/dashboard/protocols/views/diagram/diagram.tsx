/** The space-time diagram: it stands still, and time runs through it; what is to come is dim. */

import "./diagram.css";
import { useMemo, useRef } from "preact/hooks";
import type { RunRecord } from "../../../simulator/run-record.ts";
import { useElementSize } from "../../../views/elements/element-size.ts";
import { afterEntry, entryOf, type Moment } from "../../run/moment.ts";
import { secondsText } from "../../run/words.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";
import { arrowOf, messageAt, pathOf } from "./arrow.ts";
import { Bars } from "./bars.tsx";
import {
  along,
  axisPx,
  breadth,
  clientPosition,
  clientPx,
  faultsPosition,
  faultsPx,
  type Frame,
  lanePosition,
  pastShare,
  pointOf,
  startOf,
  timeAlong,
} from "./frame.ts";
import { NodeCards } from "./node-card.tsx";
import { Tiles } from "./tiles.tsx";

/** To the right of a lane there is room for the three lines of its card. */
const lanePxMin = { right: 66, down: 44 } as const;
const lanePxMax = { right: 150, down: 110 } as const;
/** The height of the drawing where time runs downwards. */
const downLengthPx = 460;

export function Diagram({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  const element = useRef<HTMLDivElement>(null);
  const { widthPx, heightPx } = useElementSize(element).value;
  const isDown = page.isDown.value;
  const clients = useMemo(() => {
    const found = record.operations.map(({ client }) => client);
    return [...new Set(found)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  }, [record]);
  const spanMs = page.spanMs.value;
  const frame = useMemo(
    () => frameOf({ isDown, widthPx, heightPx, spanMs }, record.names.length, clients.length),
    [isDown, widthPx, heightPx, spanMs, record, clients],
  );
  return (
    <div class={`diagram ${isDown ? "diagram-down" : "diagram-right"}`}>
      <Names record={record} frame={frame} clients={clients} />
      <div class="diagram-ground" ref={element}>
        <Drawing record={record} frame={frame} clients={clients} />
      </div>
      <NodeCards record={record} frame={frame} />
    </div>
  );
}

type Room = {
  readonly isDown: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly spanMs: number;
};

function frameOf(
  { isDown, widthPx, heightPx, spanMs }: Room,
  lanes: number,
  clients: number,
): Frame {
  const side = isDown ? "down" : "right";
  const besides = faultsPx[side] + clients * clientPx[side] + axisPx[side];
  const lanePx = ((isDown ? widthPx : heightPx) - besides) / lanes;
  const bounded = Math.min(lanePxMax[side], Math.max(lanePxMin[side], lanePx));
  const lengthPx = Math.max(120, isDown ? downLengthPx : widthPx);
  return { isDown, lengthPx, spanMs, lanePx: bounded, lanes, clients };
}

type DrawingProps = {
  readonly record: RunRecord;
  readonly frame: Frame;
  readonly clients: readonly string[];
};

function Drawing({ record, frame, clients }: DrawingProps) {
  const page = useProtocolPage();
  const moment = page.moment.value;
  const startMs = startOf(frame, moment.atMs);
  const size = breadth(frame);
  const [width, height] = frame.isDown ? [size, frame.lengthPx] : [frame.lengthPx, size];
  const nowPx = pastShare * frame.lengthPx;
  return (
    <svg
      class="diagram-picture"
      width={width}
      height={height}
      role="img"
      aria-label="Processes and their messages around the moment shown"
      data-drawn={record.entries.length}
      onClick={(event) => press(event, { record, frame, startMs, page })}
    >
      <Tiles record={record} frame={frame} startMs={startMs} />
      <Bars {...{ record, frame, clients, startMs }} atMs={moment.atMs} />
      <SelectedArrow record={record} frame={frame} startMs={startMs} />
      <Now frame={frame} moment={moment} size={size} />
      <LastEntry record={record} frame={frame} moment={moment} nowPx={nowPx} />
    </svg>
  );
}

function Now({ frame, moment, size }: { frame: Frame; moment: Moment; size: number }) {
  const px = pastShare * frame.lengthPx;
  const rest = frame.lengthPx - px;
  const veil = frame.isDown
    ? { x: 0, y: px, width: size, height: rest }
    : { x: px, y: 0, width: rest, height: size };
  const [a, b] = [pointOf(frame, px, 0), pointOf(frame, px, size)];
  const label = pointOf(frame, px, frame.isDown ? size - 30 : size - 9);
  return (
    <g class="now" aria-hidden="true">
      <rect class="now-veil" {...veil} />
      <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
      <rect class="now-label" x={label.x - 30} y={label.y - 9} width={60} height={18} rx={3} />
      <text x={label.x} y={label.y + 4}>
        {secondsText(moment.atMs)}
      </text>
    </g>
  );
}

/** A ring around what the sentence above the picture tells. */
function LastEntry(props: { record: RunRecord; frame: Frame; moment: Moment; nowPx: number }) {
  const { record, frame, moment, nowPx } = props;
  const entry = entryOf(record, moment);
  if (entry?.node === undefined) return null;
  const alongPx = nowPx - along(frame, moment.atMs - entry.atMs);
  if (alongPx < 0) return null;
  const { x, y } = pointOf(frame, alongPx, lanePosition(frame, record.names.indexOf(entry.node)));
  return <circle class="last-entry" cx={x} cy={y} r={13} />;
}

function SelectedArrow(props: { record: RunRecord; frame: Frame; startMs: number }) {
  const { record, frame, startMs } = props;
  const { selected } = useProtocolPage();
  const { value } = selected;
  const message = value?.type === "message" ? record.messages[value.position] : undefined;
  if (message === undefined) return null;
  return <path class="arrow-selected" d={pathOf(arrowOf(record, frame, message, startMs))} />;
}

type Pressed = {
  readonly record: RunRecord;
  readonly frame: Frame;
  readonly startMs: number;
  readonly page: ReturnType<typeof useProtocolPage>;
};

/** An arrow is selected, a sign or the ground is a moment to go to. */
function press(event: MouseEvent, { record, frame, startMs, page }: Pressed): void {
  const target = event.target as Element;
  const entry = target.closest<SVGElement>("[data-entry]")?.dataset["entry"];
  if (entry !== undefined) {
    page.goTo(afterEntry(record.entries, Number(entry)));
    return;
  }
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const point = { x: event.clientX - box.left, y: event.clientY - box.top };
  const position = messageAt(record, frame, startMs, point);
  if (position !== undefined) page.selected.value = { type: "message", position };
  else page.seek(Math.round(startMs + timeAlong(frame, frame.isDown ? point.y : point.x)));
}

/** Beside each lane and each client's bars. */
function Names({ record, frame, clients }: DrawingProps) {
  const { selected } = useProtocolPage();
  const styleOf = (px: number) => (frame.isDown ? { left: `${px}px` } : { top: `${px}px` });
  return (
    <div class="diagram-names" style={frame.isDown ? {} : { height: `${breadth(frame)}px` }}>
      {record.names.map((name, lane) => (
        <button
          key={name}
          type="button"
          class="diagram-name"
          style={styleOf(lanePosition(frame, lane))}
          aria-pressed={selected.value?.type === "node" && selected.value.name === name}
          onClick={() => (selected.value = { type: "node", name })}
        >
          {name}
        </button>
      ))}
      <span class="diagram-label" style={styleOf(faultsPosition(frame) + 12)}>
        {frame.isDown ? "!" : "faults"}
      </span>
      {clients.map((name, client) => (
        <span key={name} class="diagram-label" style={styleOf(clientPosition(frame, client))}>
          {frame.isDown ? name : `client ${name}`}
        </span>
      ))}
    </div>
  );
}
