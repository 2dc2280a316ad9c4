/** Live processes as clients ask them: over HTTP, with a clock that is never set. */

import type { ClusterNodeCard } from "../../contract/cluster.ts";
import type { ProblemJson } from "../../contract/problem.ts";
import { decisionKey, type KeyJson } from "../../contract/process-api.ts";
import { ClientSigner } from "../../io/process/signing-keys.ts";
import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type { AskedProcesses, AsksAll, ClientClock } from "../../sim/process-world/client.ts";

/** A client asks again elsewhere long before; this only frees what the request holds. */
const requestMs = 10_000;

type AnswerListener = (id: RequestId, answer: Answer, at: PeerId) => void;
type Call = { readonly path: string; readonly method: string; readonly body?: unknown };

export type RestProcessesOptions = {
  readonly cards: readonly ClusterNodeCard[];
  readonly findLeader: () => string | undefined;
  /** How many equal answers a client needs that signs and asks all; undefined for one that asks one. */
  readonly answersNeeded?: number | undefined;
};

export class RestProcesses implements AskedProcesses {
  readonly clock = new LiveClock();
  readonly asksAll: AsksAll | undefined;
  readonly #cards: readonly ClusterNodeCard[];
  readonly #findLeader: () => string | undefined;
  readonly #signer: ClientSigner | undefined;
  readonly #listeners: AnswerListener[] = [];

  constructor({ cards, findLeader, answersNeeded }: RestProcessesOptions) {
    this.#cards = cards;
    this.#findLeader = findLeader;
    if (answersNeeded === undefined) return;
    this.#signer = new ClientSigner();
    this.asksAll = { names: cards.map(({ name }) => name as PeerId), answersNeeded };
  }

  get leader(): PeerId | undefined {
    return this.#findLeader() as PeerId | undefined;
  }

  onAnswer(listener: AnswerListener): void {
    this.#listeners.push(listener);
  }

  /** A client reaches every process by itself, wherever it stands. */
  request(_beside: PeerId, id: RequestId, command: Command, at: PeerId): void {
    void this.#ask(id, command, at);
  }

  async #ask(id: RequestId, command: Command, at: PeerId): Promise<void> {
    const url = this.#cards.find(({ name }) => name === at)?.url;
    if (url === undefined) throw new Error(`there is no process ${at}`);
    const answer = await this.#answerTo(url, id, command).catch(() => undefined);
    // Without an answer its outcome is unknown: the client's own time-outs are for that.
    if (answer === undefined) return;
    for (const listener of this.#listeners) listener(id, answer, at);
  }

  async #answerTo(url: string, id: RequestId, command: Command): Promise<Answer | undefined> {
    const { path, method, body } = callOf(command);
    const { id: asked, signature } = this.#signer?.sign(id, command) ?? { id };
    const query = new URLSearchParams({ client: asked.client, number: String(asked.number) });
    if (signature !== undefined) query.set("signature", signature);
    const response = await fetch(`${url}${path}?${query.toString()}`, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(requestMs),
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return answerOf(command, (await response.json()) as KeyJson);
    if (response.status === 307) {
      return { type: "redirected", leader: this.#nameAt(response.headers.get("location") ?? "") };
    }
    return answerInProblem(command, (await response.json()) as ProblemJson);
  }

  #nameAt(location: string): string | undefined {
    return this.#cards.find(({ url }) => location.startsWith(`${url}/`))?.name;
  }
}

/** Whole milliseconds since it was made. */
class LiveClock implements ClientClock<NodeJS.Timeout> {
  readonly #beganMs = performance.now();

  get elapsedMs(): number {
    return Math.floor(performance.now() - this.#beganMs);
  }

  after(delayMs: number, action: () => void): NodeJS.Timeout {
    return setTimeout(action, delayMs);
  }

  cancel(alarm: NodeJS.Timeout): void {
    clearTimeout(alarm);
  }
}

function callOf(command: Command): Call {
  switch (command.type) {
    case "read":
      return { path: pathOf(command.key), method: "GET" };
    case "write":
      return { path: pathOf(command.key), method: "PUT", body: command.value };
    case "compare-and-set": {
      const { key, from, to } = command;
      return { path: `${pathOf(key)}/cas`, method: "POST", body: { from, to } };
    }
    case "propose":
      return { path: pathOf(decisionKey), method: "PUT", body: command.value };
    default:
      return unreachable(command);
  }
}

function pathOf(key: string): string {
  return `/kv/${encodeURIComponent(key)}`;
}

function answerOf(command: Command, { value }: KeyJson): Answer {
  switch (command.type) {
    case "read":
      return { type: "read", value };
    case "write":
      return { type: "written" };
    case "compare-and-set":
      return { type: "compared", isSet: true };
    case "propose":
      return { type: "decided", value };
    default:
      return unreachable(command);
  }
}

/** Undefined if it says nothing about the outcome. */
function answerInProblem(command: Command, problem: ProblemJson): Answer | undefined {
  const { code, detail, found } = problem;
  if (code === "not-done") return { type: "aborted", reason: detail };
  if (code === "key-absent" && command.type === "read") return { type: "read", value: null };
  if (code !== "value-differs") return undefined;
  if (command.type === "compare-and-set") return { type: "compared", isSet: false };
  return found === undefined ? undefined : { type: "decided", value: found };
}
