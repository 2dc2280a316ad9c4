/** `powlab replay`: shows a recorded timeline in the page, until Ctrl-C. */

import type { Command } from "commander";
import type { ClusterEvent } from "../../src/contract/cluster.ts";
import { defaultPort } from "../../src/contract/node-api.ts";
import type { KeptLab } from "../../src/lab/timeline/kept-labs.ts";
import type { RecordedTimeline } from "../../src/lab/timeline/recorded-timeline.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import { type Example, withExamples } from "./examples.ts";
import { portNumber } from "./numbers.ts";
import { colours, say, sayProblem, untilInterrupted, write, writeJson } from "./output.ts";
import { latestTimeline, noneKept, playingTime, readRecording } from "./recording.ts";
import { formatTable, formatTime } from "./table.ts";

const examples: readonly Example[] = [
  ["powlab replay", "plays the latest lab"],
  ["powlab replay --list", "the labs whose timelines are kept"],
  ["powlab lab --data my-lab --duration 60", "records a timeline"],
  ["powlab replay my-lab/timeline.jsonl", "plays it"],
  ["powlab replay my-lab/timeline.jsonl --api-port 0", "beside a lab that runs"],
];

const notes = [
  "A lab without --data leaves its timeline in the temporary directory; the last ten are kept.",
  "Next: powlab export FILE --html OUT makes a file of it that needs no powlab.",
];

type ReplayFlags = { readonly apiPort?: number; readonly list?: true; readonly json?: true };

export function register(program: Command): void {
  withExamples(
    program
      .command("replay")
      .description("play a recorded timeline in the page; that of a protocol in words")
      .argument(
        "[file]",
        "the timeline of a lab, timeline.jsonl in its folder (default: the latest)",
      )
      .option("--list", "list the timelines that are kept, and play none")
      .option(
        "--api-port <port>",
        `where HTTP listens; 0 for any (default: ${defaultPort}, or the next free one)`,
        portNumber,
      )
      .option("--json", "write one line of JSON when it is ready")
      .action(replay),
    examples,
    notes,
  );
}

async function replay(given: string | undefined, flags: ReplayFlags): Promise<void> {
  const { apiPort, list, json } = flags;
  if (list) return listKept(flags);
  const file = given ?? (await latestTimeline("all"));
  const recording = await readRecording(file);
  const { kindOfTimeline } = await import("../../src/lab/timeline/recorded-timeline.ts");
  if (kindOfTimeline(recording.lines) === "protocol") return tellProtocol(recording, flags);
  const interrupted = untilInterrupted();
  const { createApp } = await import("../../src/io/http/app.ts");
  const { serve } = await import("../../src/io/http/server.ts");
  const { replayRoutes } = await import("../../src/lab/timeline/replay-routes.ts");
  const app = createApp({
    routes: { "/": replayRoutes(recording.lines) },
    onFailure: (error) => sayProblem(messageOf(error)),
  });
  const server = await serve(app, { port: apiPort ?? "usual" });
  if (server.portNote !== undefined) say(server.portNote);
  const page = `${server.url}/`;
  if (json) {
    const { events, durationMs, isTorn } = recording;
    writeJson({ type: "ready", page, file, events, durationMs, isTorn });
  } else introduce(file, recording, page);
  await interrupted;
  await server.close();
}

/** The page plays chains only: a run of a protocol is told in the words of its transcript. */
async function tellProtocol({ lines }: RecordedTimeline, { json }: ReplayFlags): Promise<void> {
  const { ClusterLines } = await import("../../src/lab/cluster/cluster-lines.ts");
  const teller = new ClusterLines();
  for (const line of lines.trimEnd().split("\n")) {
    if (json) write(line);
    else teller.linesOf(JSON.parse(line) as ClusterEvent).forEach(write);
  }
}

async function listKept({ json }: ReplayFlags): Promise<void> {
  const { keptLabs } = await import("../../src/lab/timeline/kept-labs.ts");
  const labs = await keptLabs();
  if (json) return labs.forEach(writeJson);
  if (labs.length === 0) return say(noneKept);
  const rows = labs.map((lab) => [
    formatTime(lab.startedAt / 1_000) + (lab.isRunning ? ", runs" : ""),
    lab.seed,
    lab.nodes,
    lab.protocol === undefined ? lab.blocks : "-",
    subjectOf(lab),
    lab.timeline,
  ]);
  write(formatTable(columns, rows));
  say("Next: powlab replay FILE");
}

/** The protocol that ran, or the attack on a lab, and what came of it. */
function subjectOf({ attack, protocol }: KeptLab): string {
  if (protocol !== undefined) return `${protocol.name}: ${protocol.outcome ?? "no verdict"}`;
  return attack === null ? "-" : `${attack.name}: ${attack.outcome}`;
}

const columns = [
  { title: "when" },
  { title: "seed" },
  { title: "nodes", align: "right" },
  { title: "blocks", align: "right" },
  { title: "attack or protocol" },
  { title: "timeline" },
] as const;

function introduce(file: string, { events, durationMs }: RecordedTimeline, page: string): void {
  say(`  ➜  Replay   ${colours.bold(page)}   ${playingTime(durationMs)}, ${events} events`);
  say(`  ${colours.dim(`Ctrl-C ends it. Next: powlab export ${file} --html replay.html`)}`);
}
