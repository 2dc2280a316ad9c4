/** The explorer on Lamport's Paxos, beside a search that keeps each state as a text. */

import { Exploration } from "../../src/explorer/engine/explore.ts";
import type { Model } from "../../src/explorer/engine/model.ts";
import { lamportPaxos } from "../../src/explorer/models/lamport-paxos.ts";
import { compare, round, type Row, rowOfRates } from "./measure.ts";

const sizes = { acceptors: 3, values: 2, ballots: 3 };
/** Of 185,369: so that a turn takes a second at most. */
const statesMax = 60_000;
const turns = { warmUp: 1, measured: 3 };

/** What the table is held to: a million states with their waiting states in less than 1 GB. */
const memoryLimitBytes = 1000;

export async function benchExplorer(): Promise<Row[]> {
  const model = lamportPaxos(sizes);
  const versus = "the same model, keyed by JSON.stringify in a Map";
  const unique = compare(
    () => search(model).unique,
    () => searchByText(model).unique,
    turns,
  );
  const generated = compare(
    () => search(model).generated,
    () => searchByText(model).generated,
    turns,
  );
  const bytes = bytesPerState(model);
  return [
    rowOfRates("explorer: new states of Lamport's Paxos", "states/s", versus, unique),
    rowOfRates("explorer: all states that moves lead to", "states/s", versus, generated),
    {
      name: "explorer: memory for each state",
      value: round(bytes),
      unit: "bytes",
      versus: "1 GB for a million states",
      ratio: round(memoryLimitBytes / bytes),
    },
  ];
}

function search<S>(model: Model<S>) {
  const exploration = new Exploration(model, { statesMax });
  while (exploration.advance(10_000));
  return exploration.counts;
}

/** Breadth first, with the way back to each state, as simple as can be. */
function searchByText<S>(model: Model<S>) {
  const parents = new Map<string, string | undefined>();
  let generated = 0;
  let level: S[] = [];
  for (const state of model.initial()) {
    generated += 1;
    parents.set(JSON.stringify(state), undefined);
    level.push(state);
  }
  while (level.length > 0 && parents.size < statesMax) {
    const next: S[] = [];
    for (const state of level) {
      const parent = JSON.stringify(state);
      model.moves(state, (_, successor) => {
        if (parents.size >= statesMax) return;
        generated += 1;
        const key = JSON.stringify(successor);
        if (parents.has(key)) return;
        parents.set(key, parent);
        next.push(successor);
        for (const promise of model.promises) {
          if (!promise.holds(successor)) throw new Error(`broken: ${promise.name}`);
        }
      });
    }
    level = next;
  }
  return { unique: parents.size, generated };
}

/** What the process uses more when all states are known, for each of them. */
function bytesPerState<S>(model: Model<S>): number {
  const before = process.memoryUsage.rss();
  const exploration = new Exploration(model);
  let most = before;
  while (exploration.advance(10_000)) most = Math.max(most, process.memoryUsage.rss());
  // A run before it may have left memory that is used again: the table is the least it can be.
  const table = exploration.counts.unique * 20;
  return Math.max(most - before, table) / exploration.counts.unique;
}
