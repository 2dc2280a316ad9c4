/** A process of its own for a node, as the lab's process holds it. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FromChild, ToChild } from "./child-message.ts";

/** A node that has not ended by then is killed. */
const stopTimeoutMs = 2_000;

/** Any method of a set of actions. */
type ActionOf<A, Name extends keyof A> = A[Name] extends (
  ...values: infer Values
) => Promise<infer Result>
  ? { readonly values: Values; readonly result: Result }
  : never;

export type ChildOptions = {
  /** What the node is called. */
  readonly name: string;
  /** The file of the program, beside another one, without its ending. */
  readonly program: string;
  /** The URL of the file beside which it is. */
  readonly beside: string;
  /** Plain data; other users of this machine can see it. */
  readonly argument: unknown;
};

/**
 * @typeParam Ready what it says of itself when it has started.
 * @typeParam A what can be asked of it.
 * @typeParam News what it tells.
 */
export class Child<Ready, A, News> {
  readonly ready: Ready;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #newsListeners = new Set<(news: News) => void>();
  readonly #failureListeners = new Set<(reason: string) => void>();
  #lastId = 0;
  #isStopping = false;

  /** @throws Error if the node does not start. */
  static async start<Ready, A, News>(options: ChildOptions): Promise<Child<Ready, A, News>> {
    const { name, argument } = options;
    const child = fork(pathOf(options), [JSON.stringify(argument)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const exited = once(child, "exit");
    const first = await Promise.race([once(child, "message"), exited.then(() => undefined)]);
    const [message] = (first ?? []) as [FromChild<Ready, News>?];
    if (message?.type === "ready") return new Child(name, child, message.ready);
    const reason = message?.type === "refused" ? message.reason : "its process ended";
    child.kill("SIGKILL");
    throw new Error(`The node ${name} does not start: ${reason}`);
  }

  private constructor(name: string, child: ChildProcess, ready: Ready) {
    this.ready = ready;
    this.#name = name;
    this.#child = child;
    this.#exited = once(child, "exit").then(() => this.#failCalls());
    child.on("message", (message: FromChild<Ready, News>) => this.#receive(message));
    child.on("error", () => this.#failCalls());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  onNews(listener: (news: News) => void): void {
    this.#newsListeners.add(listener);
  }

  /** Called once, with the reason why the node has stopped, unless it was asked to. */
  onFailure(listener: (reason: string) => void): void {
    this.#failureListeners.add(listener);
  }

  /** From now on its end is expected: no listener is called. */
  expectEnd(): void {
    this.#isStopping = true;
  }

  /** Resolves when its process has ended. */
  get ended(): Promise<unknown> {
    return this.#exited;
  }

  /** `kill -9`: it writes and sends nothing more. */
  async kill(): Promise<void> {
    this.expectEnd();
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async stop(): Promise<void> {
    this.expectEnd();
    this.#send({ type: "stop" });
    const isSlow = new AbortController();
    const slow = pause(stopTimeoutMs, undefined, { signal: isSlow.signal }).then(
      () => this.#child.kill("SIGKILL"),
      () => undefined, // it ended in time
    );
    await this.#exited;
    isSlow.abort();
    await slow;
  }

  call<Name extends keyof A & string>(
    action: Name,
    ...values: ActionOf<A, Name>["values"] & readonly unknown[]
  ): Promise<ActionOf<A, Name>["result"]> {
    const id = ++this.#lastId;
    const call = Promise.withResolvers<unknown>();
    this.#calls.set(id, call);
    this.#send({ type: "call", id, action, values });
    return call.promise;
  }

  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message);
    else this.#failCalls();
  }

  #receive(message: FromChild<Ready, News>): void {
    switch (message.type) {
      case "result":
        this.#calls.get(message.id)?.resolve(message.value);
        this.#calls.delete(message.id);
        return;
      case "error":
        this.#calls.get(message.id)?.reject(new Error(message.reason));
        this.#calls.delete(message.id);
        return;
      case "news":
        for (const listener of this.#newsListeners) listener(message.news);
        return;
      case "failed":
        for (const listener of this.#failureListeners) listener(message.reason);
        return;
      case "ready":
      case "refused":
    }
  }

  /** The process has ended: all calls that wait fail, and the listeners are called once. */
  #failCalls(): void {
    const gone = new Error(`the process of ${this.#name} has ended`);
    for (const { reject } of this.#calls.values()) reject(gone);
    this.#calls.clear();
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const listener of this.#failureListeners) listener(gone.message);
  }
}

/** Compiled or not, as the file beside it is. */
function pathOf({ program, beside }: ChildOptions): string {
  const ending = beside.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./${program}.${ending}`, beside));
}
