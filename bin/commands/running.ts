/** How commands find what runs on this machine: a lab by its name or address, a node by its name. */

import type { Choice, ChoiceProblem, NodePlace, NodeWanted } from "../../src/lab/running/choice.ts";
import type { RunningLab } from "../../src/lab/running/entry.ts";
import type { Verdict } from "../../src/primitives/verdict.ts";
import { CliError, exitCodes, say } from "./output.ts";

/** Waits for a lab that starts; undefined if none runs and none is wanted. */
export async function findLab(wanted?: string): Promise<Choice<RunningLab> | undefined> {
  const { Registry } = await import("../../src/lab/running/registry.ts");
  const { chooseLab } = await import("../../src/lab/running/choice.ts");
  const registry = new Registry(process.env);
  const choice = await explained(chooseLab(await registry.labs(), wanted));
  if (choice?.chosen.state !== "starting") return choice;
  const { name } = choice.chosen;
  say(`the lab ${name} starts; waiting until it is ready`);
  const chosen = await registry.untilReady(choice.chosen);
  if (chosen !== undefined) return { ...choice, chosen };
  const problem = `The lab ${name} ended before it was ready; try again.`;
  throw new CliError(problem, exitCodes.unreachable);
}

/** A node of a lab, or one that runs alone; undefined if none runs and none is wanted by name. */
export async function findNode(wanted: NodeWanted): Promise<Choice<NodePlace> | undefined> {
  await findLab(wanted.lab);
  const { Registry } = await import("../../src/lab/running/registry.ts");
  const { chooseNode } = await import("../../src/lab/running/choice.ts");
  const running = await new Registry(process.env).list();
  return explained(chooseNode(running, wanted));
}

async function explained<Value>(verdict: Verdict<Value, ChoiceProblem>): Promise<Value> {
  if (verdict.ok) return verdict.value;
  const { describeChoiceProblem } = await import("../../src/lab/running/choice.ts");
  throw new CliError(describeChoiceProblem(verdict.problem), exitCodes.unreachable);
}
