/** `powlab replay`: shows a recorded timeline in the page, until Ctrl-C. */

import type { Command } from "commander";
import { defaultPort } from "../../src/contract/node-api.ts";
import type { RecordedTimeline } from "../../src/lab/timeline/recorded-timeline.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import { type Example, withExamples } from "./examples.ts";
import { portNumber } from "./numbers.ts";
import { colours, say, sayProblem, untilInterrupted, writeJson } from "./output.ts";
import { playingTime, readRecording } from "./recording.ts";

const examples: readonly Example[] = [
  ["powlab lab --data my-lab --duration 60", "records a timeline"],
  ["powlab replay my-lab/timeline.jsonl", "plays it"],
  ["powlab replay my-lab/timeline.jsonl --api-port 0", "beside a lab that runs"],
];

const notes = ["Next: powlab export FILE --html OUT makes a file of it that needs no powlab."];

type ReplayFlags = { readonly apiPort?: number; readonly json?: true };

export function register(program: Command): void {
  withExamples(
    program
      .command("replay")
      .description("play a recorded timeline in the page")
      .argument("<file>", "the timeline of a lab: timeline.jsonl in its folder")
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

async function replay(file: string, { apiPort, json }: ReplayFlags): Promise<void> {
  const interrupted = untilInterrupted();
  const recording = await readRecording(file);
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

function introduce(file: string, { events, durationMs }: RecordedTimeline, page: string): void {
  say(`  ➜  Replay   ${colours.bold(page)}   ${playingTime(durationMs)}, ${events} events`);
  say(`  ${colours.dim(`Ctrl-C ends it. Next: powlab export ${file} --html replay.html`)}`);
}
