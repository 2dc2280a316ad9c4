/** Brings requests to a process and answers back to who asked. */

import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";

export type RequestDeskOptions = {
  /** The process that is asked. */
  readonly name: string;
  /** Hands a request to it; false if it does not take it now. */
  readonly submit: (id: RequestId, command: Command, signature?: string) => boolean;
  /** A name for a client that no other process gives, in no life. */
  readonly nameClient: () => string;
  readonly answerMs?: number;
};

/** The id that a client gave its request, and its signature, where it has to sign. */
export type Given = { readonly id: RequestId; readonly signature?: string };

/** How a request ended, under the id that it had. */
export type Outcome =
  | { readonly type: "answered"; readonly id: RequestId; readonly answer: Answer }
  /** It may have been carried out, or may still be. */
  | { readonly type: "late"; readonly id: RequestId; readonly waitedMs: number }
  /** The process has never seen it. */
  | { readonly type: "refused"; readonly id: RequestId };

/** Longer than an election takes; a client that knows better can ask elsewhere before. */
export const answerMs = 3_000;
/** Until a process that knows no leader is asked again. */
const leaderlessMs = 50;
/** Requests under way; more are refused. */
export const waitingMax = 1_000;

type Listener = (answer: Answer) => void;

export class RequestDesk {
  readonly #options: RequestDeskOptions;
  /** By the text of their id; a retry may come while the first attempt still waits. */
  readonly #waiting = new Map<string, Set<Listener>>();
  /** Ids for those who bring none: a client asks one thing after the other, so each is lent out once. */
  readonly #free: RequestId[] = [];
  #count = 0;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
  }

  /** An answer of the process; one that no request waits for any more is dropped. */
  answer(id: RequestId, answer: Answer): void {
    for (const listener of this.#waiting.get(textOf(id)) ?? []) listener(answer);
  }

  /**
   * Waits for an answer that ends the request, or names another process that leads. While none is
   * known, as in an election, the process is asked again under the same id.
   *
   * @param given the client's own id: a retry must have the same; one is made up if it is left out.
   */
  async ask(command: Command, given?: Given): Promise<Outcome> {
    const id = given?.id ?? this.#lend();
    const outcome = await this.#attempt({ ...given, id }, command);
    if (given === undefined) this.#takeBack(outcome);
    return outcome;
  }

  async #attempt(given: Given, command: Command): Promise<Outcome> {
    const { id } = given;
    if (this.#count >= waitingMax) return { type: "refused", id };
    this.#count += 1;
    const outcome = await this.#await(given, command);
    this.#count -= 1;
    return outcome;
  }

  #await({ id, signature }: Given, command: Command): Promise<Outcome> {
    const { submit, name, answerMs: waitedMs = answerMs } = this.#options;
    return new Promise((resolve) => {
      let retry: NodeJS.Timeout | undefined;
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        clearTimeout(retry);
        this.#forget(id, listen);
        resolve(outcome);
      };
      const listen = (answer: Answer): void => {
        const isElsewhere = answer.type === "redirected" && answer.leader !== name;
        const isUnknown = answer.type === "redirected" && answer.leader === undefined;
        if (answer.type !== "redirected" || (isElsewhere && !isUnknown)) {
          end({ type: "answered", id, answer });
          return;
        }
        clearTimeout(retry);
        retry = setTimeout(() => submit(id, command, signature), leaderlessMs);
      };
      const timer = setTimeout(() => end({ type: "late", id, waitedMs }), waitedMs);
      this.#expect(id, listen);
      if (!submit(id, command, signature)) end({ type: "refused", id });
    });
  }

  #lend(): RequestId {
    return this.#free.pop() ?? { client: this.#options.nameClient(), number: 1 };
  }

  /** Where the outcome is open, or the request went elsewhere, its client asks nothing more. */
  #takeBack(outcome: Outcome): void {
    const { type, id } = outcome;
    if (type === "refused") this.#free.push(id);
    if (type !== "answered" || outcome.answer.type === "redirected") return;
    this.#free.push({ ...id, number: id.number + 1 });
  }

  #expect(id: RequestId, listener: Listener): void {
    const listeners = this.#waiting.get(textOf(id)) ?? new Set();
    this.#waiting.set(textOf(id), listeners.add(listener));
  }

  #forget(id: RequestId, listener: Listener): void {
    const listeners = this.#waiting.get(textOf(id));
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#waiting.delete(textOf(id));
  }
}

function textOf({ client, number }: RequestId): string {
  return `${number}/${client}`;
}
