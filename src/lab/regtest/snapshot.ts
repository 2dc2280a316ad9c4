/** A regtest lab in a file: what each node's chain is, and what waits there. */

import { link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Groups } from "../../contract/network.ts";
import { dataFolder } from "../../io/disk/folder.ts";
import { type NodeClient, NodeRefusedError } from "../../wallet/client.ts";
import { LeverError } from "../nodes/lever-error.ts";

/** As in a file's name, on every system. */
export const snapshotName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,31}$/, "1 to 32 letters, digits, dots, hyphens and underscores");

const format = "powlab snapshot 1";
const shape = z.object({
  format: z.literal(format),
  network: z.literal("regtest"),
  seed: z.string(),
  /** Each once, as hex. */
  blocks: z.array(z.string()).readonly(),
  nodes: z
    .array(
      z.object({
        name: z.string(),
        /** Places in `blocks`, from height 1 to its tip. */
        chain: z.array(z.int().min(0)).readonly(),
        /** Transactions as hex, parents first. */
        waiting: z.array(z.string()).readonly(),
      }),
    )
    .min(1)
    .readonly(),
  partition: z.array(z.array(z.string())).nullable(),
});

type Saved = Readonly<z.infer<typeof shape>>;

export type SavedNode = {
  readonly name: string;
  /** The lowest first, as hex. */
  readonly blocks: readonly string[];
  readonly waiting: readonly string[];
};

export type Snapshot = {
  readonly seed: string;
  readonly nodes: readonly SavedNode[];
  readonly partition: Groups | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

export function snapshotFile(name: string, env: Environment): string {
  return `${dataFolder("snapshots", name, env)}.json`;
}

/**
 * Writes a whole file or none.
 *
 * @throws LeverError if there is one of that name and it is not to be replaced.
 */
export async function writeSnapshot(
  name: string,
  snapshot: Snapshot,
  existing: "keep" | "replace",
): Promise<string> {
  const file = snapshotFile(name, process.env);
  const draft = `${file}.${process.pid}.draft`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(draft, JSON.stringify(encode(snapshot)), { mode: 0o600 });
  if (existing === "replace") {
    await rename(draft, file);
    return file;
  }
  try {
    await link(draft, file);
    return file;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new LeverError(
      `There is a snapshot ${name} already: choose another name, or replace it.`,
    );
  } finally {
    await unlink(draft);
  }
}

/** @throws LeverError if there is none of that name, or it is damaged. */
export async function readSnapshot(name: string): Promise<Snapshot> {
  const file = snapshotFile(name, process.env);
  const isName = snapshotName.safeParse(name).success;
  const text = isName ? await readFile(file, "utf8").catch(() => undefined) : undefined;
  if (text === undefined) {
    throw new LeverError(`There is no snapshot ${name}; \`powlab lab save NAME\` makes one.`);
  }
  try {
    return decode(shape.parse(JSON.parse(text)));
  } catch {
    throw new LeverError(`The snapshot ${file} is damaged, or of another version of powlab.`);
  }
}

/** Lets what waited wait again; what the node refuses by now is left out. */
export async function sendAgain({ waiting }: SavedNode, client: NodeClient): Promise<void> {
  for (const hex of waiting) {
    await client.sendTransaction(hex).catch((error: unknown) => {
      if (!(error instanceof NodeRefusedError)) throw error;
    });
  }
}

function encode({ seed, nodes, partition }: Snapshot): Saved {
  const blocks = [...new Set(nodes.flatMap((node) => node.blocks))];
  const places = new Map(blocks.map((hex, i) => [hex, i]));
  return {
    format,
    network: "regtest",
    seed,
    blocks,
    nodes: nodes.map(({ name, blocks: own, waiting }) => {
      return { name, chain: own.flatMap((hex) => places.get(hex) ?? []), waiting };
    }),
    partition: partition === null ? null : partition.map((group) => [...group]),
  };
}

function decode({ seed, blocks, nodes, partition }: Saved): Snapshot {
  const blockAt = (place: number): string => {
    const hex = blocks[place];
    if (hex === undefined) throw new RangeError(`there is no block ${place}`);
    return hex;
  };
  return {
    seed,
    partition,
    nodes: nodes.map(({ name, chain, waiting }) => ({ name, blocks: chain.map(blockAt), waiting })),
  };
}
