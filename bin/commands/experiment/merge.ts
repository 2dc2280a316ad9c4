/** Reads the shards of a run, and joins them. */

import { readFile } from "node:fs/promises";
import { experiments } from "../../../src/experiments/catalogue.ts";
import { type Order, parseOrder } from "../../../src/experiments/engine/order.ts";
import { readTaskResult } from "../../../src/experiments/engine/plan.ts";
import {
  decodeShard,
  mergeShards,
  type NamedShard,
} from "../../../src/experiments/engine/shard.ts";
import type { TaskResult } from "../../../src/experiments/engine/task.ts";
import { messageOf } from "../../../src/primitives/error-message.ts";
import type { Verdict } from "../../../src/primitives/verdict.ts";
import { CliError, exitCodes } from "../output.ts";

export type Merged = { readonly order: Order; readonly answers: readonly TaskResult[] };

/** @throws CliError that names the file, and what is wrong with it or missing. */
export async function readShards(files: readonly string[]): Promise<Merged> {
  const shards = await Promise.all(files.map(readShard));
  const answers = valueOf(mergeShards(shards), "");
  const question = shards[0]?.shard.question ?? "";
  return { order: valueOf(parseOrder(question, experiments), `${files[0] ?? ""}: `), answers };
}

async function readShard(file: string): Promise<NamedShard<TaskResult>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(`A shard cannot be read: ${messageOf(error)}.`, exitCodes.usage);
  }
  return { file, shard: valueOf(decodeShard(text, readTaskResult), `${file} is no shard: `) };
}

function valueOf<T>(verdict: Verdict<T, string>, place: string): T {
  if (verdict.ok) return verdict.value;
  throw new CliError(`${place}${verdict.problem}.`, exitCodes.usage);
}
