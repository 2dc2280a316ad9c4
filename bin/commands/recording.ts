/** Reads the file of a timeline, for the commands that play it. */

import { readFile, stat } from "node:fs/promises";
import type { RecordedTimeline } from "../../src/lab/timeline/recorded-timeline.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import { CliError, exitCodes, sayProblem } from "./output.ts";

/** A browser holds all of it at once; that is about six hours of a usual lab. */
const sizeBytesMax = 256 * 2 ** 20;

export const noneKept = "No lab without --data has left a timeline here.";

/** Of what was recorded without a folder of its own. @throws CliError if there is none. */
export async function latestTimeline(of: "labs" | "all"): Promise<string> {
  const { keptLabs } = await import("../../src/lab/timeline/kept-labs.ts");
  const latest = (await keptLabs()).find(({ protocol }) => of === "all" || protocol === undefined);
  if (latest !== undefined) return latest.timeline;
  throw new CliError(`${noneKept} Name the file of one with powlab replay FILE.`, exitCodes.usage);
}

/** @throws CliError that says what is wrong with the file. */
export async function readRecording(path: string): Promise<RecordedTimeline> {
  const { describeTimelineProblem, readTimeline } =
    await import("../../src/lab/timeline/recorded-timeline.ts");
  const timeline = readTimeline(await readText(path));
  if (!timeline.ok) {
    throw new CliError(describeTimelineProblem(timeline.problem, path), exitCodes.usage);
  }
  if (timeline.value.isTorn) {
    sayProblem(`The last line of ${path} is cut short; it is left out.`);
  }
  return timeline.value;
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > sizeBytesMax) {
      const sizes = `${megabytes(size)}, and at most ${megabytes(sizeBytesMax)} can be played`;
      throw new CliError(`${path} has ${sizes}: a browser holds all of it.`, exitCodes.usage);
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(problemWith(path, error), exitCodes.usage, { cause: error });
  }
}

function problemWith(path: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") {
    return `There is no file ${path}. A lab prints where it writes its timeline when it starts.`;
  }
  if (code === "EISDIR") return `${path} is a folder: name the file timeline.jsonl in it.`;
  return `${path} cannot be read: ${messageOf(error)}`;
}

/** "1.4 MB". */
export function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}

/** "02:41", or "1:02:41" from an hour on. */
export function playingTime(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const parts = [...(hours > 0 ? [hours, minutes] : [minutes]), seconds % 60];
  const digits = parts.map((part, i) => String(part).padStart(i === 0 && hours > 0 ? 1 : 2, "0"));
  return digits.join(":");
}
