/** A process of any protocol in the simulated world: it sends messages and answers clients. */

import type { PeerId } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Answer, Command, RequestId } from "../../protocols/process/key-value.ts";
import type {
  ProcessMachine,
  ProcessMachineEffect,
  ProcessMachineEvent,
} from "../../protocols/process/process-machine.ts";
import type { News, ProcessView } from "../../protocols/process/protocol.ts";
import type { OwnEffectOf } from "../engine/kind.ts";
import { type HostOptions, MachineHost } from "../engine/machine-host.ts";
import type { Arrived, Post } from "../engine/post.ts";
import type { AnswerListener, Parcel } from "./parcel.ts";

/** One process as the checks see it. */
export type ProcessSubject = {
  readonly name: PeerId;
  readonly view: ProcessView;
  /** True if a crash now would undo nothing of what it knows. */
  readonly isDurable: boolean;
};

/** The kind of machine that this world hosts. */
export type ProcessKind = {
  readonly event: ProcessMachineEvent;
  readonly effect: ProcessMachineEffect;
  readonly machine: ProcessMachine;
  readonly cause: never;
  readonly news: News;
  readonly subject: ProcessSubject;
};

export type ProcessHostOptions = HostOptions<ProcessKind> & {
  readonly post: Post<Parcel>;
  readonly onNews: (news: News) => void;
  readonly onAnswer: AnswerListener;
};

export class ProcessHost extends MachineHost<ProcessKind> {
  readonly #post: Post<Parcel>;
  readonly #onNews: (news: News) => void;
  readonly #onAnswer: AnswerListener;
  /** Clients that asked from the place of another process, and where that is. */
  readonly #remoteClients = new Map<string, PeerId>();
  #seen: ProcessSubject | undefined;

  constructor(options: ProcessHostOptions) {
    super(options);
    this.#post = options.post;
    this.#onNews = options.onNews;
    this.#onAnswer = options.onAnswer;
  }

  /** @throws Error if it is not running. */
  get view(): ProcessView {
    return this.machine.view;
  }

  /** What is seen of it now; the same object as long as it is the same. */
  get subject(): ProcessSubject {
    const { view } = this;
    const isDurable = this.store.waitingCount === 0;
    const seen = this.#seen;
    if (seen?.view === view && seen.isDurable === isDurable) return seen;
    return (this.#seen = { name: this.name, view, isDurable });
  }

  /** A client beside this process asks it, or another one over the links; nothing happens while it is down. */
  request(id: RequestId, command: Command, at: PeerId = this.name): void {
    if (!this.isRunning) return;
    if (at !== this.name) {
      this.#post.send(this.name, at, { type: "request", id, command });
      return;
    }
    this.#remoteClients.delete(id.client);
    this.receive({ type: "requested", id, command });
  }

  protected attach(): void {
    this.#post.attach(this.name, (event) => this.#deliver(event));
  }

  protected detach(): void {
    this.#remoteClients.clear();
    this.#post.detach(this.name);
  }

  protected carryOut(effect: OwnEffectOf<ProcessKind>): void {
    switch (effect.type) {
      case "send":
        this.#post.send(this.name, effect.to, effect.message);
        return;
      case "answer":
        this.#answer(effect.id, effect.answer);
        return;
      case "news":
        this.#onNews(effect.news);
        return;
      default:
        unreachable(effect);
    }
  }

  #deliver(event: Arrived<Parcel>): void {
    const { from, message } = event;
    if (message instanceof Uint8Array) {
      this.receive(event as Arrived<Uint8Array>);
    } else if (message.type === "request") {
      this.#remoteClients.set(message.id.client, from);
      this.receive({ type: "requested", id: message.id, command: message.command });
    } else {
      // For a client beside this process, not for the process itself.
      this.#onAnswer(message.id, message.answer, from);
    }
  }

  #answer(id: RequestId, answer: Answer): void {
    const place = this.#remoteClients.get(id.client);
    if (place === undefined) this.#onAnswer(id, answer, this.name);
    else this.#post.send(this.name, place, { type: "answer", id, answer });
  }
}
