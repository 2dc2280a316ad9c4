/** A data folder of format 1, as a powlab of that time left it, and what its API answered. */

import { join } from "node:path";
import { z } from "zod";
import { type LevelStore, openLevelStore } from "../../../src/io/disk/level-store.ts";
import type { Write } from "../../../src/machine/store.ts";
import { vectors } from "../../vectors/vectors.ts";

const shape = z.object({
  /** Keys, and values in base64, in the order of their keys. */
  records: z.array(z.tuple([z.string(), z.string()])),
  /** By path: status, type, body in base64. */
  answers: z.record(z.string(), z.tuple([z.number(), z.string(), z.string()])),
});

export type FormerAnswer = {
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
};

const { records, answers } = readVectors();

function readVectors() {
  const bytes = vectors("disk-format-1.json.gz");
  if (bytes === undefined) throw new Error("test/vectors/disk-format-1.json.gz is missing");
  return shape.parse(JSON.parse(bytes.toString()));
}

export const formerAnswers: readonly FormerAnswer[] = Object.entries(answers).map(
  ([path, [status, type, body]]) => ({ path, status, type, body: Buffer.from(body, "base64") }),
);

export const formerHeight = 108;

export function formerRecords(): Write[] {
  return records.map(([key, value]) => {
    return { type: "put", key, value: new Uint8Array(Buffer.from(value, "base64")) };
  });
}

/** Makes the folder. */
export async function leaveFormerFolder(folder: string): Promise<void> {
  const store = await openLevelStore(join(folder, "chain"));
  const batch = formerRecords();
  store.commit(batch);
  await store.persist(batch);
  await store.close();
}

/** A line for each record. */
export async function recordsIn(store: LevelStore): Promise<string[]> {
  const lines: string[] = [];
  for await (const [key, value] of store.scan("")) {
    lines.push(`${key} ${Buffer.from(value).toString("base64")}`);
  }
  return lines;
}
