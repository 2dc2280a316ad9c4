/** The lab's process, as a node in a process of its own holds it. */

import { messageOf } from "../../primitives/error-message.ts";
import type { FromChild, ToChild } from "./child-message.ts";

export type ServedNode<A> = {
  readonly actions: A;
  /** Those that may be called; a call of any other is refused. */
  readonly actionNames: readonly (keyof A & string)[];
  readonly stop: () => Promise<unknown>;
};

export class Parent<Ready, News> {
  /** The process begins with this argument. @param main refused if it throws. */
  static run<Argument>(main: (argument: Argument) => Promise<void>): void {
    // Ctrl-C reaches every process of a terminal; the lab then stops its nodes itself.
    process.on("SIGINT", () => undefined);
    main(JSON.parse(process.argv[2] ?? "") as Argument).catch((error: unknown) => {
      new Parent().#send({ type: "refused", reason: messageOf(error) });
      process.exitCode = 1;
      process.disconnect();
    });
  }

  /** Answers calls until the lab stops the node, or is gone itself: then this process ends. */
  serve<A>(ready: Ready, { actions, actionNames, stop }: ServedNode<A>): void {
    const end = async (): Promise<void> => {
      await Promise.allSettled([stop()]);
      process.exit(0);
    };
    process.on("disconnect", () => void end());
    process.on("message", (message: ToChild) => {
      if (message.type === "stop") void end();
      else void this.#answer(message, actions as Callable, actionNames);
    });
    // The lab may have gone while this process started.
    if (!process.connected) void end();
    this.#send({ type: "ready", ready });
  }

  tell(news: News): void {
    this.#send({ type: "news", news });
  }

  fail(reason: string): void {
    this.#send({ type: "failed", reason });
  }

  async #answer(call: Call, actions: Callable, names: readonly string[]): Promise<void> {
    const { id, action, values } = call;
    try {
      if (!names.includes(action)) throw new Error(`there is no action ${action}`);
      this.#send({ type: "result", id, value: await actions[action]?.(...values) });
    } catch (error) {
      this.#send({ type: "error", id, reason: messageOf(error) });
    }
  }

  #send(message: FromChild<Ready, News>): void {
    if (process.connected) process.send?.(message);
  }
}

type Call = ToChild & { readonly type: "call" };
type Callable = Record<string, (...values: readonly unknown[]) => Promise<unknown>>;
