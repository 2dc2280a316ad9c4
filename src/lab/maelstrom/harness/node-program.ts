/** A node under test: a program of any language in a process of its own. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { messageOf } from "../../../primitives/error-message.ts";
import { encodeMessage, type Message, readMessage } from "../protocol/message.ts";
import { NodeFailure } from "./node-failure.ts";

export type NodeProgramOptions = {
  readonly name: string;
  /** The program and its arguments; at least one. */
  readonly command: readonly string[];
  readonly onMessage: (message: Message) => void;
  readonly onFailure: (failure: NodeFailure) => void;
};

/** Of stderr so much is kept. */
const tailLengthMax = 2_000;
/** And so many lines of it are shown. */
const tailLinesMax = 5;
const shownLengthMax = 80;
/** After its input has ended it gets so long to end, before it is killed. */
const endWithinMs = 2_000;

export class NodeProgram {
  readonly #options: NodeProgramOptions;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #closed: Promise<void>;
  #tail = "";
  #isStopped = false;

  constructor(options: NodeProgramOptions) {
    this.#options = options;
    const [program = "", ...words] = options.command;
    // A group of its own, so that what a script starts ends with it.
    this.#child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    const { stdin, stdout, stderr } = this.#child;
    this.#closed = new Promise((resolve) => {
      this.#child.on("error", (error) => {
        const words = `cannot be started: ${messageOf(error)}`;
        this.#fail(`${JSON.stringify(program)} ${words}; give the command behind --`);
        resolve();
      });
      this.#child.on("close", (code, signal) => {
        this.#fail(`${this.name} has ended (${signal ?? `exit code ${code}`}) during the test`);
        resolve();
      });
    });
    stdin.on("error", () => undefined); // that it has ended is told by "close"
    stderr.on("data", (data: Buffer) => {
      this.#tail = (this.#tail + data.toString()).slice(-tailLengthMax);
    });
    createInterface({ input: stdout }).on("line", (line) => this.#read(line));
  }

  get name(): string {
    return this.#options.name;
  }

  send(message: Message): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${encodeMessage(message)}\n`);
  }

  /** Whatever it does from now on is no failure. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#kill(), endWithinMs);
    await this.#closed;
    clearTimeout(timer);
    this.#kill();
  }

  /** The last lines that it has written to stderr; empty if there are none. */
  get lastLines(): readonly string[] {
    const lines = this.#tail.split("\n").filter((line) => line.trim() !== "");
    return lines.slice(-tailLinesMax);
  }

  #read(line: string): void {
    if (this.#isStopped || line.trim() === "") return;
    const message = readMessage(line);
    if (message.ok) {
      this.#options.onMessage(message.value);
      return;
    }
    const shown = line.length <= shownLengthMax ? line : `${line.slice(0, shownLengthMax)}…`;
    const what = `${this.name} has written what is no message: ${message.problem}`;
    this.#fail(`${what}, in the line ${JSON.stringify(shown)}`);
  }

  #fail(what: string): void {
    if (!this.#isStopped) this.#options.onFailure(new NodeFailure(this.name, what));
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The whole group has ended.
    }
  }
}
