/** Shards of a run in files: the options that make one, and how a command writes and reads them. */

import { readFile, writeFile } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import {
  decodeShard,
  encodeShard,
  mergeShards,
  type NamedShard,
  parseShardPlace,
  positionsOf,
  type ShardPlace,
} from "../../src/experiments/engine/shard.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import type { JsonReader } from "../../src/primitives/json-reader.ts";
import type { Verdict } from "../../src/primitives/verdict.ts";
import { CliError, exitCodes, say } from "./output.ts";

export type ShardFlags = { readonly shard?: ShardPlace; readonly out?: string };

/** @param merge the command that joins what they write. */
export function shardOptions(merge: string): readonly Option[] {
  return [
    new Option("--shard <I/N>", "run part I of N only, and write it to --out").argParser(shardFrom),
    new Option("--out <file>", `where the shard is written, for ${merge}`),
  ];
}

function shardFrom(text: string): ShardPlace {
  const place = parseShardPlace(text);
  if (place !== undefined) return place;
  throw new InvalidArgumentError("It must be a part of a number of parts, such as 1/16 or 16/16");
}

/**
 * @returns undefined if the whole is to be run.
 * @throws CliError if only one of --shard and --out is there.
 */
export function shardOf({ shard, out }: ShardFlags): Required<ShardFlags> | undefined {
  if (shard === undefined && out === undefined) return undefined;
  if (shard !== undefined && out !== undefined) return { shard, out };
  const message = "--shard and --out belong together: which part, and where it goes.";
  throw new CliError(message, exitCodes.usage);
}

/** What a shard is of. */
export type ShardRun<Task, Answer> = {
  /** What makes another run another one. */
  readonly question: string;
  /** Of all shards together. */
  readonly tasks: readonly Task[];
  /** Answers each, or throws. */
  readonly answer: (tasks: readonly Task[]) => Promise<readonly Answer[]>;
  /** The command that joins shards. */
  readonly merge: string;
};

/** @throws CliError if the file cannot be written. */
export async function writeShard<Task, Answer>(
  { question, tasks, answer, merge }: ShardRun<Task, Answer>,
  { shard, out }: Required<ShardFlags>,
): Promise<void> {
  const positions = positionsOf(shard, tasks.length);
  const answers = await answer(positions.map((position) => tasks[position] as Task));
  try {
    await writeFile(out, encodeShard({ question, place: shard, tasks: tasks.length, answers }));
  } catch (error) {
    throw new CliError(`The shard cannot be written: ${messageOf(error)}.`, exitCodes.failed);
  }
  say(`Shard ${shard.index}/${shard.count} is in ${out}. With all: ${merge} FILES`);
}

export type Merged<Answer> = { readonly question: string; readonly answers: readonly Answer[] };

/**
 * @param readerFor how answers to a question are read; the problem is a sentence without a full stop.
 * @throws CliError that names the file, and what is wrong with it or missing.
 */
export async function readShards<Answer>(
  files: readonly string[],
  readerFor: (question: string) => Verdict<(reader: JsonReader) => Answer, string>,
): Promise<Merged<Answer>> {
  const shards = await Promise.all(files.map((file) => readShard(file, readerFor)));
  const answers = valueOf(mergeShards(shards), "");
  return { question: shards[0]?.shard.question ?? "", answers };
}

async function readShard<Answer>(
  file: string,
  readerFor: (question: string) => Verdict<(reader: JsonReader) => Answer, string>,
): Promise<NamedShard<Answer>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new CliError(`A shard cannot be read: ${messageOf(error)}.`, exitCodes.usage);
  }
  const place = `${file} is no shard: `;
  const { question } = valueOf(
    decodeShard(text, () => undefined),
    place,
  );
  const read = valueOf(readerFor(question), place);
  return { file, shard: valueOf(decodeShard(text, read), place) };
}

function valueOf<T>(verdict: Verdict<T, string>, place: string): T {
  if (verdict.ok) return verdict.value;
  throw new CliError(`${place}${verdict.problem}.`, exitCodes.usage);
}
