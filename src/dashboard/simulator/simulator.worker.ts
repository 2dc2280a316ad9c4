/** The simulator in a thread of its own: the page asks for runs, and goes on drawing meanwhile. */

import { behavioursOf, protocols } from "../../protocols/catalogue.ts";
import { simulate } from "./simulate.ts";
import type { KnownProtocol, SimulatorAnswer, SimulatorRequest } from "./simulator.ts";

const known: readonly KnownProtocol[] = protocols.map((entry) => ({
  name: entry.name,
  summary: entry.summary,
  usualNodes: entry.usualNodes,
  mutants: entry.mutants.map(({ name, mistake }) => ({ name, mistake })),
  behaviours: behavioursOf(entry).map(({ name }) => name),
}));

/** Answers go to the page that made this worker, and to no other. */
const reply = (answer: SimulatorAnswer) => postMessage(answer);

reply({ type: "ready", protocols: known });
addEventListener("message", ({ data }: MessageEvent<SimulatorRequest>) => {
  const begunMs = performance.now();
  const run = simulate(data.settings, data.schedule);
  const tookMs = performance.now() - begunMs;
  reply({ type: "computed", id: data.id, run, tookMs });
});
