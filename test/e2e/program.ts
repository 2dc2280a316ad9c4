/** The program powlab in processes of its own, as a user starts it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, symlinkSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

export { temporaryFolder } from "../temporary-folder.ts";

export const project = resolve(import.meta.dirname, "..", "..");

/** The first line of `powlab node --json`. */
export type Ready = {
  readonly type: "ready";
  readonly peerId: string;
  readonly addresses: readonly string[];
  readonly page: string;
  readonly api: string;
  readonly data: string;
};

/** A line of data, as the program wrote it. */
export type Line = Readonly<Record<string, unknown>>;

let ownEnvironment: NodeJS.ProcessEnv | undefined;

/**
 * The environment of the programs that a test file starts: what runs elsewhere on this machine is
 * not found from there, and what they leave is removed with the folders of the test.
 */
export function environment(): NodeJS.ProcessEnv {
  ownEnvironment ??= makeEnvironment();
  return ownEnvironment;
}

function makeEnvironment(): NodeJS.ProcessEnv {
  const [state, temporary] = [temporaryFolder(), temporaryFolder()];
  const compiled = `tsx-${process.geteuid?.() ?? userInfo().username}`; // as tsx calls it
  const shared = join(tmpdir(), compiled);
  // What tsx has compiled once is the same for every test file.
  if (existsSync(shared)) symlinkSync(shared, join(temporary, compiled));
  const own = { XDG_STATE_HOME: state, XDG_DATA_HOME: state, TMPDIR: temporary };
  return { ...process.env, ...own, NO_COLOR: "1" };
}

/** One run of the program. */
export class Program {
  readonly lines: Line[] = [];
  stderr = "";
  readonly #child: ChildProcess;
  /** The exit code; undefined if a signal ended it. */
  readonly ended: Promise<number | undefined>;

  constructor(words: readonly string[]) {
    const child = spawn(process.execPath, ["--import", "tsx", "bin/powlab.ts", ...words], {
      cwd: project,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.lines.push(JSON.parse(line));
    });
    child.stderr.on("data", (text: Buffer) => (this.stderr += text.toString()));
    // "close" comes when the output has been read to its end, too.
    this.ended = once(child, "close").then(([code]: (number | null)[]) => code ?? undefined);
    running.add(this);
    void this.ended.then(() => running.delete(this));
  }

  async end(signal: NodeJS.Signals): Promise<number | undefined> {
    this.#child.kill(signal);
    return this.ended;
  }
}

const running = new Set<Program>();

/** Ends every program that a test has left. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.end("SIGKILL")));
}

/** A run of `powlab node` that is ready. */
export class NodeProgram {
  readonly program: Program;
  readonly ready: Ready;

  private constructor(program: Program, ready: Ready) {
    this.program = program;
    this.ready = ready;
  }

  /** @throws Error with what it said, if it ends instead. */
  static async start(...flags: readonly string[]): Promise<NodeProgram> {
    const program = new Program(["node", "--json", "--api-port", "0", ...flags]);
    const ended = program.ended.then((code) => {
      throw new Error(`powlab node ended with ${code}: ${program.stderr}`);
    });
    const started = eventually(() => program.lines.length > 0);
    await Promise.race([started, ended]);
    ended.catch(() => {}); // later it may end
    return new NodeProgram(program, program.lines[0] as Ready);
  }

  /** The answer to GET of a path below its API. */
  async get(path: string): Promise<string> {
    const response = await fetch(this.ready.api + path);
    return response.text();
  }

  async height(): Promise<number> {
    return Number(await this.get("/blocks/tip/height"));
  }

  /** The height of its newest block that is on disk, as it told us. */
  get toldHeight(): number {
    const blocks = this.program.lines.filter(({ type }) => type === "block-accepted");
    return Number(blocks.at(-1)?.["height"] ?? 0);
  }

  get address(): string {
    return this.ready.addresses[0] ?? "";
  }
}

/** Waits until a check holds; a minute at most. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(check, { timeout: 60_000, interval: 50 });
}
