/** A terminal in which a reader types: a real one, so that programs ask, colour and end as they do. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { eventually } from "./program.ts";

/** util-linux's `script`, which Debian always has, opens the terminal. */
export const hasTerminals = spawnSync("script", ["--version"]).status === 0;

export type TerminalOptions = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** What is typed when a question ends like this; each question is answered once. */
  readonly answers: readonly (readonly [question: RegExp, answer: string])[];
};

const open = new Set<Terminal>();

export class Terminal {
  readonly command: string;
  /** Undefined if a signal ended it. */
  readonly ended: Promise<number | undefined>;
  readonly #child: ChildProcess;
  #output = "";
  #answered = 0;

  constructor(command: string, { env, cwd, answers }: TerminalOptions) {
    this.command = command;
    // With "exec" the exit code is the program's own: a shell's would tell of Ctrl-C.
    const words = ["--quiet", "--return", "--flush", "--command", `exec ${command}`, "/dev/null"];
    const shell = { ...env, SHELL: "/bin/sh" };
    this.#child = spawn("script", words, { cwd, env: shell, stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.on("data", (text: Buffer) => {
      this.#output += stripVTControlCharacters(text.toString()).replaceAll("\r", "");
      this.#answer(answers);
    });
    this.ended = once(this.#child, "close").then(([code]: (number | null)[]) => code ?? undefined);
    open.add(this);
    void this.ended.then(() => open.delete(this));
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until this is shown; fails if the program ends before. */
  async shows(text: RegExp): Promise<void> {
    let hasEnded = false;
    void this.ended.then(() => (hasEnded = true));
    await eventually(() => hasEnded || text.test(this.#output));
    if (!text.test(this.#output)) throw new Error(`${this.command}:\n${this.#output}`);
  }

  /** Presses Ctrl-C and waits for the end. */
  async interrupt(): Promise<number | undefined> {
    this.#child.stdin?.write("\u0003");
    return this.ended;
  }

  /** Presses Ctrl-C twice, which ends a program at once. */
  async close(): Promise<void> {
    this.#child.stdin?.write("\u0003\u0003");
    await this.ended;
  }

  #answer(answers: TerminalOptions["answers"]): void {
    const unanswered = this.#output.slice(this.#answered);
    const known = answers.find(([question]) => question.test(unanswered));
    if (known === undefined) return;
    this.#answered = this.#output.length;
    this.#child.stdin?.write(`${known[1]}\n`);
  }
}

/** Closes every terminal that a test has left. */
export async function closeTerminals(): Promise<void> {
  await Promise.all([...open].map((terminal) => terminal.close()));
}
