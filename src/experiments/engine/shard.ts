/**
 * A run that several machines share: shard I of N takes every Nth task, and a file holds what came
 * of it. Together the files have what one machine has, in whatever order they are read.
 */

import { JsonReader } from "../../primitives/json-reader.ts";
import { broken, valid, type Verdict } from "../../primitives/verdict.ts";

/** From 1: the first of four is `1/4`. */
export type ShardPlace = { readonly index: number; readonly count: number };

export type Shard<Answer> = {
  /** What was asked for, as one text: files of other questions do not fit. */
  readonly question: string;
  readonly place: ShardPlace;
  /** How many tasks there are in all shards together. */
  readonly tasks: number;
  /** In the order of its tasks. */
  readonly answers: readonly Answer[];
};

const format = "powlab-shard/1";
export const shardsMax = 10_000;

/** @returns undefined if the text is no place, such as 5/4. */
export function parseShardPlace(text: string): ShardPlace | undefined {
  const [, first, second] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  if (!(index >= 1 && index <= count && count <= shardsMax)) return undefined;
  return { index, count };
}

/** The positions of its tasks among all. */
export function positionsOf({ index, count }: ShardPlace, tasks: number): number[] {
  const positions: number[] = [];
  for (let position = index - 1; position < tasks; position += count) positions.push(position);
  return positions;
}

/** Ends in a line break. */
export function encodeShard<Answer>({ question, place, tasks, answers }: Shard<Answer>): string {
  const shard = `${place.index}/${place.count}`;
  return `${JSON.stringify({ format, question, shard, tasks, answers })}\n`;
}

/**
 * @param readAnswer checks one answer; files may come from anywhere.
 * @returns a problem is a sentence without a full stop.
 */
export function decodeShard<Answer>(
  text: string,
  readAnswer: (reader: JsonReader) => Answer,
): Verdict<Shard<Answer>, string> {
  return JsonReader.read(text, (reader) => {
    const fields = reader.object(["format", "question", "shard", "tasks", "answers"]);
    fields.get("format").word([format]);
    const shard = fields.get("shard");
    const place = parseShardPlace(shard.text()) ?? shard.refuse("must be such as 1/4");
    const tasks = fields.get("tasks").wholeNumber({ min: 0 });
    const list = fields.get("answers").list();
    const wanted = positionsOf(place, tasks).length;
    if (list.length !== wanted) {
      fields.get("answers").refuse(`must have ${wanted} answers, got ${list.length}`);
    }
    return { question: fields.get("question").text(), place, tasks, answers: list.map(readAnswer) };
  });
}

export type NamedShard<Answer> = { readonly file: string; readonly shard: Shard<Answer> };

/** All answers in the order of the tasks; the problem names the files, and what is missing. */
export function mergeShards<Answer>(
  shards: readonly NamedShard<Answer>[],
): Verdict<readonly Answer[], string> {
  const [first] = shards;
  if (first === undefined) return broken("there is no file to merge");
  const { count } = first.shard.place;
  const byIndex = new Map<number, NamedShard<Answer>>();
  for (const named of shards) {
    const { question, place, tasks } = named.shard;
    const isForeign =
      question !== first.shard.question || place.count !== count || tasks !== first.shard.tasks;
    if (isForeign) return broken(`${named.file} belongs to another run than ${first.file}`);
    const twin = byIndex.get(place.index);
    if (twin !== undefined) {
      return broken(`${named.file} and ${twin.file} are both shard ${place.index}/${count}`);
    }
    byIndex.set(place.index, named);
  }
  const missing = positionsOf({ index: 1, count: 1 }, count).filter((at) => !byIndex.has(at + 1));
  if (missing.length > 0) {
    const names = missing.map((at) => `${at + 1}/${count}`).join(", ");
    return broken(`shard ${names} is missing: run it again with the same words`);
  }
  const answers: Answer[] = [];
  for (const { shard } of byIndex.values()) {
    for (const [at, position] of positionsOf(shard.place, shard.tasks).entries()) {
      answers[position] = shard.answers[at] as Answer;
    }
  }
  return valid(answers);
}
