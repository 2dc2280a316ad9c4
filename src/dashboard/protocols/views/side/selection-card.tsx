/** What is selected, a process or a message, and what one can do to it. */

import { useState } from "preact/hooks";
import type { MessageRecord, RunRecord } from "../../../simulator/run-record.ts";
import {
  messageFault,
  nodeFault,
  type NodeLever,
  nodeLevers,
  splitFault,
  usualCutMs,
  usualDelayMs,
  usualPauseMs,
  whyNot,
} from "../../run/levers.ts";
import { leaderOf, nextChangeMs } from "../../run/moment.ts";
import { secondsText } from "../../run/words.ts";
import { crashLeader } from "../../state/protocol-keys.ts";
import { useProtocolPage } from "../../state/protocol-page.ts";

export function SelectionCard({ record }: { readonly record: RunRecord }) {
  const { selected } = useProtocolPage();
  const { value } = selected;
  const message = value?.type === "message" ? record.messages[value.position] : undefined;
  return (
    <section class="side-card stack">
      {message !== undefined ? (
        <MessageLevers message={message} />
      ) : value?.type === "node" ? (
        <NodeLevers record={record} name={value.name} />
      ) : (
        <LeaderLevers record={record} />
      )}
      <Split record={record} />
    </section>
  );
}

function LeaderLevers({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  const leader = leaderOf(record, page.moment.value);
  return (
    <>
      <h3>Break something at {secondsText(nextChangeMs(page.moment.value))}</h3>
      <div class="row">
        <button
          type="button"
          disabled={leader === undefined}
          title={leader === undefined ? "No process leads at this moment" : "K"}
          onClick={() => crashLeader(page)}
        >
          ✕ Crash {leader === undefined ? "the leader: none leads" : `${leader}, the leader`}
        </button>
      </div>
      <p class="muted small">Or press a process, or an arrow.</p>
    </>
  );
}

const leverWords: Readonly<Record<NodeLever, string>> = {
  crash: "✕ Crash",
  restart: "↺ Restart",
  pause: `‖ Pause ${usualPauseMs / 1000} s`,
  "cut off": `✂ Cut off ${usualCutMs / 1000} s`,
};
const leverKeys: Readonly<Record<NodeLever, string>> = {
  ...{ crash: "S", restart: "R", pause: "P", "cut off": "X" },
};

function NodeLevers({ record, name }: { readonly record: RunRecord; readonly name: string }) {
  const page = useProtocolPage();
  const moment = page.moment.value;
  return (
    <>
      <h3>
        {name}, at {secondsText(nextChangeMs(moment))}
      </h3>
      <div class="row">
        {nodeLevers.map((lever) => {
          const reason = whyNot(lever, name, record, moment);
          return (
            <button
              key={lever}
              type="button"
              disabled={reason !== undefined}
              title={reason ?? leverKeys[lever]}
              onClick={() => page.add(nodeFault(lever, name, moment), `${lever} ${name}`)}
            >
              {leverWords[lever]}
            </button>
          );
        })}
      </div>
    </>
  );
}

function MessageLevers({ message }: { readonly message: MessageRecord }) {
  const page = useProtocolPage();
  const { from, to, text, sentMs, lost, delayedMs } = message;
  const ends = `${from} → ${to}`;
  return (
    <>
      <h3>A message, {ends}</h3>
      <p>{text}</p>
      <p class="muted small">
        Sent at {secondsText(sentMs)}; {fateText(message)}.
      </p>
      <div class="row">
        <button
          type="button"
          disabled={lost === "by-schedule"}
          title={lost === "by-schedule" ? "The schedule drops it already" : "D"}
          onClick={() => {
            page.add(messageFault("lose", message), `drop a message of ${from} to ${to}`);
          }}
        >
          ✕ Drop it
        </button>
        <button
          type="button"
          disabled={delayedMs > 0}
          title={delayedMs > 0 ? "The schedule delays it already" : ""}
          onClick={() => {
            page.add(messageFault("delay", message), `delay a message of ${from} to ${to}`);
          }}
        >
          Delay it {usualDelayMs} ms
        </button>
      </div>
    </>
  );
}

function fateText({ lost, arrivedMs, delayedMs }: MessageRecord): string {
  const late = delayedMs > 0 ? `put on its way ${delayedMs} ms later, ` : "";
  if (lost === "by-schedule") return "dropped by the schedule";
  if (lost === "on-its-way") return `${late}lost on its way: a link or a process was down`;
  const [first, ...others] = arrivedMs;
  if (first === undefined) return `${late}still under way at the end`;
  const twice = others.length > 0 ? `, and again at ${others.map(secondsText).join(", ")}` : "";
  return `${late}arrives at ${secondsText(first)}${twice}`;
}

/** Which processes are on one side of a split. */
function Split({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  const [chosen, choose] = useState<readonly string[]>([]);
  const group = record.names.filter((name) => chosen.includes(name));
  const isSplit = group.length > 0 && group.length < record.names.length;
  const part = () => {
    page.add(splitFault(group, page.moment.value), `split ${group.join(" ")} from the others`);
    choose([]);
  };
  return (
    <fieldset class="split">
      <legend>Part the network</legend>
      <div class="row">
        {record.names.map((name) => (
          <label key={name} class="split-name">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ currentTarget: { checked } }) => {
                choose(checked ? [...chosen, name] : chosen.filter((each) => each !== name));
              }}
            />
            {name}
          </label>
        ))}
        <button
          type="button"
          disabled={!isSplit}
          title={isSplit ? "" : "Choose the processes of one side"}
          onClick={part}
        >
          ‖ Part for {usualCutMs / 1000} s
        </button>
      </div>
    </fieldset>
  );
}
