/** `powlab simulate`: one seeded run in virtual time; most commands come from the catalogue. */

import type { Command } from "commander";
import type { Values } from "../../../src/primitives/parameter.ts";
import { scenarios } from "../../../src/sim/scenarios/catalogue.ts";
import type { Scenario } from "../../../src/sim/scenarios/scenario.ts";
import { withExamples } from "../examples.ts";
import { addMoved } from "../moved.ts";
import { CliError, exitCodes, say, write, writeJson } from "../output.ts";
import { withParameters } from "../parameters.ts";
import { registerChaos } from "./chaos.ts";
import { registerSimblock } from "./simblock.ts";
import { createVerifier, type SimulateOptions, withSimulateOptions } from "./simulation.ts";
import { registerTimeWarp } from "./time-warp.ts";
import { registerWorld } from "./world.ts";

export function addSubcommands(simulate: Command): void {
  for (const scenario of scenarios) addScenario(simulate, scenario);
  registerTimeWarp(simulate);
  registerWorld(simulate);
  registerSimblock(simulate);
  registerChaos(simulate);
  addMoved(
    simulate,
    "stale",
    "powlab experiment stale --delay 0.5, or powlab experiment stale table",
  );
}

function addScenario(simulate: Command, scenario: Scenario): void {
  const { name, summary, parameters, examples } = scenario;
  const command = simulate.command(name).description(summary);
  withExamples(
    withSimulateOptions(withParameters(command, parameters)).action(
      (options: SimulateOptions & Values) => runScenario(scenario, options),
    ),
    examples.map(([words, shows]) => [`powlab simulate ${name} ${words}`, shows]),
  );
}

async function runScenario(
  scenario: Scenario,
  { seed, json, ...values }: SimulateOptions & Values,
): Promise<void> {
  const verifier = await createVerifier();
  const { outcome, failure } = scenario.run(values, { seed, verifier, onLine: json ? say : write });
  if (json) writeJson(outcome);
  if (failure !== undefined) throw new CliError(failure, exitCodes.unexpected);
  if (!json) say(`Next: ${scenario.next}`);
}
