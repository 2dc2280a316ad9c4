/** Which of the labs and nodes that run here a command means. */

import { broken, unreachable, valid, type Verdict } from "../../primitives/verdict.ts";
import type { Running, RunningLab } from "./entry.ts";

/** A node's REST API, of a lab or of a node of its own. */
export type NodePlace = {
  readonly name: string;
  readonly api: string;
  readonly network: string;
  /** Its data folder. */
  readonly folder: string;
  /** Null for a node that was started alone. */
  readonly lab: RunningLab | null;
};

/** What is meant, and what else there is, the nearest first. */
export type Choice<Chosen> = { readonly chosen: Chosen; readonly others: readonly Chosen[] };

export type ChoiceProblem =
  | { readonly rule: "no-such-lab"; readonly wanted: string; readonly labs: readonly RunningLab[] }
  | { readonly rule: "no-such-node"; readonly wanted: string; readonly names: readonly string[] };

/**
 * The lab of that name or at that address, and the newest without either.
 *
 * @param labs the newest first.
 * @returns undefined if none runs and none is wanted.
 */
export function chooseLab(
  labs: readonly RunningLab[],
  wanted: string | undefined,
): Verdict<Choice<RunningLab> | undefined, ChoiceProblem> {
  const chosen = labs.find((lab) => wanted === undefined || isMeant(lab, wanted));
  if (chosen !== undefined) return valid({ chosen, others: labs.filter((lab) => lab !== chosen) });
  if (wanted === undefined) return valid(undefined);
  return broken({ rule: "no-such-lab", wanted, labs });
}

function isMeant({ name, url }: RunningLab, wanted: string): boolean {
  return wanted === name || labUrlOf(wanted) === url;
}

/** The address of a lab as its entry has it: people may add a slash, or the path of the lab. */
export function labUrlOf(text: string): string {
  return text.replace(/\/+$/, "").replace(/\/lab$/, "");
}

export type NodeWanted = {
  readonly node?: string;
  readonly lab?: string;
  /** Nodes of other networks are not meant. */
  readonly network?: string;
};

/**
 * A node of the newest lab, else the one that was started first of those that run alone: later
 * ones have joined it, and may still fetch its chain.
 *
 * @param running the newest first.
 * @returns undefined if none runs and none is wanted by name.
 */
export function chooseNode(
  running: readonly Running[],
  { node, lab, network }: NodeWanted,
): Verdict<Choice<NodePlace> | undefined, ChoiceProblem> {
  const labs = running.filter((entry) => entry.kind === "lab");
  const chosenLab = chooseLab(labs, lab);
  if (!chosenLab.ok) return chosenLab;
  const within = running.filter((entry) => lab === undefined || entry === chosenLab.value?.chosen);
  const places = placesOf(within).filter((place) => (network ?? place.network) === place.network);
  const chosen = places.find(({ name }) => node === undefined || name === node);
  if (chosen !== undefined) {
    return valid({ chosen, others: places.filter((place) => place !== chosen) });
  }
  if (node === undefined) return valid(undefined);
  return broken({ rule: "no-such-node", wanted: node, names: places.map(({ name }) => name) });
}

function placesOf(running: readonly Running[]): readonly NodePlace[] {
  const inLabs = running.flatMap((entry) => (entry.kind === "lab" ? placesIn(entry) : []));
  const alone = running.flatMap((entry): NodePlace[] => {
    if (entry.kind !== "node") return [];
    const { name, api, network, data: folder } = entry;
    return [{ name, api, network, folder, lab: null }];
  });
  return [...inLabs, ...alone.reverse()];
}

function placesIn(lab: RunningLab): readonly NodePlace[] {
  const { network, data } = lab;
  return Object.entries(lab.nodes).map(([name, api]) => {
    return { name, api, network, folder: `${data}/${name}`, lab };
  });
}

/** As a sentence. */
export function describeChoiceProblem(problem: ChoiceProblem): string {
  switch (problem.rule) {
    case "no-such-lab":
      return sentence(
        "lab",
        problem.wanted,
        problem.labs.map(({ name, url }) => `${name} at ${url}`),
      );
    case "no-such-node":
      return sentence("node", problem.wanted, problem.names);
    default:
      return unreachable(problem);
  }
}

function sentence(kind: string, wanted: string, there: readonly string[]): string {
  const known = [...new Set(there)].join(", ");
  return `No ${kind} ${wanted} runs here; ${known === "" ? "there is none" : `there is ${known}`}.`;
}
