/** The program powlab as a wallet's owner types it, on regtest and with a folder of its own. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { temporaryFolder } from "../temporary-folder.ts";
import { project } from "./program.ts";

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};
export type Given = {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export type WalletShell = {
  readonly run: (words: readonly string[], given?: Given) => Promise<Ended>;
  /** The data that a command writes with --json. @throws Error with what it says if it fails. */
  readonly json: typeof JSON.parse extends (text: string) => infer Data
    ? (words: readonly string[], given?: Given) => Promise<Data>
    : never;
};

/** @param api of the node that it asks. */
export function createWalletShell(api: string): WalletShell {
  const defaults = {
    POWLAB_API: api,
    POWLAB_NETWORK: "regtest",
    XDG_DATA_HOME: temporaryFolder(),
  };

  async function run(words: readonly string[], given: Given = {}): Promise<Ended> {
    const program = ["--import", "tsx", join(project, "bin/powlab.ts"), ...words];
    const env = { ...process.env, ...defaults, ...given.env };
    const child = spawn(process.execPath, program, { cwd: project, env });
    child.stdin.end(given.input ?? "");
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, stdout, stderr };
  }

  async function json(words: readonly string[], given: Given = {}) {
    const { code, stdout, stderr } = await run([...words, "--json"], given);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }

  return { run, json };
}
