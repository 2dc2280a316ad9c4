/** `powlab export`: makes one file of a recorded timeline that plays in any browser, from disk. */

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { withExamples } from "./examples.ts";
import { CliError, exitCodes, say, writeJson } from "./output.ts";
import { latestTimeline, megabytes, playingTime, readRecording } from "./recording.ts";

const notes = [
  "The file holds the page and all events: it asks no server for anything, so it can be sent to",
  "other people, or attached to an issue.",
];

type ExportFlags = { readonly html: string; readonly json?: true };

export function register(program: Command): void {
  withExamples(
    program
      .command("export")
      .description("make one HTML file of a recorded timeline")
      .argument(
        "[file]",
        "the timeline of a lab, timeline.jsonl in its folder (default: the latest)",
      )
      .requiredOption("--html <file>", "where to write it")
      .option("--json", "write one line of JSON that says what was written")
      .action(exportTimeline),
    [
      ["powlab export --html lab.html", "of the latest lab"],
      ["powlab export my-lab/timeline.jsonl --html my-lab.html"],
    ],
    notes,
  );
}

async function exportTimeline(given: string | undefined, flags: ExportFlags): Promise<void> {
  const { html, json } = flags;
  const file = given ?? (await latestTimeline("labs"));
  const { lines, events, durationMs, isTorn } = await readRecording(file);
  const { kindOfTimeline } = await import("../../src/lab/timeline/recorded-timeline.ts");
  if (kindOfTimeline(lines) === "protocol") {
    const problem = `${file} is of a protocol, which the page does not play`;
    throw new CliError(`${problem}; powlab replay ${file} tells it in words.`, exitCodes.usage);
  }
  const { makePageFile, readBuiltPage } = await import("../../src/io/http/page/page-file.ts");
  const { neverBuilt } = await import("../../src/io/http/page/page.ts");
  const page = await readBuiltPage();
  if (page === undefined) throw new CliError(neverBuilt);
  const whole = Buffer.from(makePageFile(page, lines));
  try {
    await writeFile(html, whole);
  } catch (error) {
    const problem = `The page cannot be written to ${html}.`;
    throw new CliError(problem, exitCodes.failed, { cause: error });
  }
  const { length: sizeBytes } = whole;
  if (json) writeJson({ type: "exported", file: html, sizeBytes, events, durationMs, isTorn });
  else {
    const contents = `${playingTime(durationMs)}, ${events} events, ${megabytes(sizeBytes)}`;
    say(`${html} plays ${contents}: open it in a browser.`);
  }
}
