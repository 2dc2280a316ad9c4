/** The clients of a test: each stands at one node, and asks, waits for the reply, and asks again. */

import type { Random } from "../../../primitives/random.ts";
import type { Body } from "../protocol/message.ts";
import type { Time } from "../time.ts";
import type { Load, Outcome } from "./load.ts";
import type { Network } from "./network.ts";

export type ClientsOptions = {
  readonly time: Time;
  readonly random: Random;
  readonly network: Network;
  readonly load: Load;
  /** They are dealt to the clients in turn. */
  readonly nodes: readonly string[];
  readonly count: number;
  /** Operations a second, of all clients together; fewer if they have to wait. */
  readonly rate: number;
  /** Without a reply for so long the outcome is unknown. */
  readonly timeoutMs: number;
  /** A node has answered what is no reply to the request; the problem is half a sentence. */
  readonly onWrongReply: (node: string, problem: string) => void;
};

/** An operation that has ended. */
export type Ended = {
  readonly outcome: Outcome;
  readonly code: number | undefined;
  readonly latencyMs: number;
  readonly isAnswered: boolean;
};

type Client = {
  /** A new one after an unknown outcome, as Jepsen's clients have. */
  name: string;
  readonly node: string;
  requests: number;
  open: { readonly askedAtMs: number; readonly cancel: () => void } | undefined;
};

export class Clients {
  readonly #options: ClientsOptions;
  readonly #clients: readonly Client[];
  readonly #ended: Ended[] = [];
  #named = 0;
  #asked = 0;
  #isOver = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: ClientsOptions) {
    this.#options = options;
    const { count, nodes } = options;
    this.#clients = Array.from({ length: count }, (_, at) => {
      const node = nodes[at % nodes.length] as string;
      return { name: this.#nextName(), node, requests: 0, open: undefined };
    });
  }

  get asked(): number {
    return this.#asked;
  }

  get ended(): readonly Ended[] {
    return this.#ended;
  }

  begin(): void {
    for (const client of this.#clients) {
      this.#listen(client);
      this.#askAfter(client, 0);
    }
  }

  /** Nothing more is asked; `then` is called once, when nothing is open any more. */
  end(then: () => void): void {
    this.#isOver = true;
    this.#whenIdle = then;
    this.#tellIfIdle();
  }

  #nextName(): string {
    this.#named += 1;
    return `c${this.#named}`;
  }

  #listen(client: Client): void {
    this.#options.network.addClient(client.name, ({ src, body }) => {
      if (src !== client.node || body.in_reply_to !== client.requests) return;
      if (client.open !== undefined) this.#receive(client, client.open, body);
    });
  }

  /** @param spentMs since its last request. */
  #askAfter(client: Client, spentMs: number): void {
    const { time, random, count, rate } = this.#options;
    const delayMs = random.nextExponential((1_000 * count) / rate) - spentMs;
    time.after(Math.max(0, delayMs), () => this.#ask(client));
  }

  #ask(client: Client): void {
    if (this.#isOver) return;
    const { time, network, load, timeoutMs } = this.#options;
    client.requests += 1;
    this.#asked += 1;
    const askedAtMs = time.elapsedMs;
    const cancel = time.after(timeoutMs, () => this.#giveUp(client, askedAtMs));
    client.open = { askedAtMs, cancel };
    const body = { ...load.ask(client.name), msg_id: client.requests };
    network.send({ src: client.name, dest: client.node, body });
  }

  #receive(client: Client, open: NonNullable<Client["open"]>, reply: Body): void {
    open.cancel();
    const end = this.#options.load.receive(client.name, reply);
    if (!end.ok) {
      this.#options.onWrongReply(client.node, end.problem);
      return;
    }
    const { outcome, code } = end.value;
    this.#close(client, open.askedAtMs, { outcome, code, isAnswered: true });
  }

  #giveUp(client: Client, askedAtMs: number): void {
    this.#options.load.giveUp(client.name);
    this.#close(client, askedAtMs, { outcome: "unknown", code: undefined, isAnswered: false });
  }

  #close(client: Client, askedAtMs: number, end: Omit<Ended, "latencyMs">): void {
    const latencyMs = this.#options.time.elapsedMs - askedAtMs;
    this.#ended.push({ ...end, latencyMs });
    client.open = undefined;
    if (end.outcome === "unknown") this.#rename(client);
    this.#askAfter(client, latencyMs);
    this.#tellIfIdle();
  }

  #rename(client: Client): void {
    this.#options.network.removeClient(client.name);
    client.name = this.#nextName();
    client.requests = 0;
    this.#listen(client);
  }

  #tellIfIdle(): void {
    if (!this.#isOver || this.#clients.some(({ open }) => open !== undefined)) return;
    this.#whenIdle?.();
    this.#whenIdle = undefined;
  }
}
