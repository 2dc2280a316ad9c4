/** `powlab protocol NAME --page`: serves the page for protocols, opened at this run, until Ctrl-C. */

import { encodePageAddress } from "../../../src/dashboard/protocols/run/page-address.ts";
import { usualSettings } from "../../../src/dashboard/simulator/run-settings.ts";
import { formatSchedule } from "../../../src/dashboard/simulator/schedule.ts";
import { messageOf } from "../../../src/primitives/error-message.ts";
import { behavioursOf, type ProtocolEntry } from "../../../src/protocols/catalogue.ts";
import {
  CliError,
  colours,
  exitCodes,
  say,
  sayProblem,
  untilInterrupted,
  writeJson,
} from "../output.ts";
import { readSchedule } from "./files.ts";
import type { ProtocolFlags } from "./flags.ts";
import { turnsOf } from "./turns.ts";

/** What the page does not have yet. */
const missing = ["live", "graph", "values", "history", "requests"] as const;

export async function servePage(entry: ProtocolEntry, flags: ProtocolFlags): Promise<void> {
  const other = missing.find((name) => flags[name] !== undefined);
  if (other !== undefined) {
    const message = `--page does not have --${other}: leave one of the two out.`;
    throw new CliError(message, exitCodes.usage);
  }
  const hash = await addressOf(entry, flags);
  const interrupted = untilInterrupted();
  const { createApp } = await import("../../../src/io/http/app.ts");
  const { serve } = await import("../../../src/io/http/server.ts");
  const { protocolsPageRoutes } = await import("../../../src/io/http/page/page.ts");
  const app = createApp({
    routes: { "/": protocolsPageRoutes({ beside: "nothing" }) },
    onFailure: (error) => sayProblem(messageOf(error)),
  });
  const server = await serve(app, { port: "usual" });
  if (server.portNote !== undefined) say(server.portNote);
  const page = `${server.url}/protocols${hash}`;
  if (flags.json) writeJson({ type: "ready", page });
  else {
    say(`  ➜  Page   ${colours.bold(page)}`);
    say(`  ${colours.dim("It computes the run in the browser. Ctrl-C ends the server.")}`);
  }
  await interrupted;
  await server.close();
}

async function addressOf(entry: ProtocolEntry, flags: ProtocolFlags): Promise<string> {
  const nodes = flags.nodes ?? entry.usualNodes;
  const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`);
  const known = { ...entry, behaviours: behavioursOf(entry) };
  const turns = turnsOf(flags.byzantine ?? [], names, known);
  const faults = flags.faults === undefined ? [] : await readSchedule(flags.faults, names, entry);
  const { seed, mutant, clients, duration } = flags;
  const durationMs = duration === undefined ? usualSettings.durationMs : duration * 1000;
  return encodePageAddress({
    ...{ protocol: entry.name, nodes, schedule: formatSchedule([...turns, ...faults]) },
    settings: { ...usualSettings, seed, mutant, clients, durationMs },
    moment: undefined,
  });
}
