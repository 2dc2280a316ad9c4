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
import { fakeSignatures, requestText } from "../../protocols/process/signatures.ts";
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
  /** False for an attacker: what it shows of itself proves nothing. */
  readonly isHonest: boolean;
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
  readonly onSent: (message: Uint8Array) => void;
  /**
   * Beside which process a client stands, where all processes answer it; undefined where only the one
   * that it asks does.
   */
  readonly places: Map<string, PeerId> | undefined;
};

export class ProcessHost extends MachineHost<ProcessKind> {
  readonly #post: Post<Parcel>;
  readonly #onNews: (news: News) => void;
  readonly #onAnswer: AnswerListener;
  readonly #onSent: (message: Uint8Array) => void;
  readonly #places: Map<string, PeerId> | undefined;
  /** Clients that asked from the place of another process, and where that is. */
  readonly #remoteClients = new Map<string, PeerId>();
  #seen: ProcessSubject | undefined;

  constructor(options: ProcessHostOptions) {
    super(options);
    this.#post = options.post;
    this.#onNews = options.onNews;
    this.#onAnswer = options.onAnswer;
    this.#onSent = options.onSent;
    this.#places = options.places;
  }

  /** @throws Error if it is not running. */
  get view(): ProcessView {
    return this.machine.view;
  }

  /** What is seen of it now; the same object as long as it is the same. */
  get subject(): ProcessSubject {
    const { view, isHonest } = this;
    const isDurable = this.store.waitingCount === 0;
    const seen = this.#seen;
    const isSame = seen?.view === view && seen.isDurable === isDurable;
    if (isSame && seen.isHonest === isHonest) return seen;
    return (this.#seen = { name: this.name, view, isDurable, isHonest });
  }

  /** A client beside this process asks it, or another one over the links; nothing happens while it is down. */
  request(id: RequestId, command: Command, at: PeerId = this.name): void {
    if (!this.isRunning) return;
    const signature = fakeSignatures(id.client).sign(requestText(id, command));
    this.#places?.set(id.client, this.name);
    if (at !== this.name) {
      this.#post.send(this.name, at, { type: "request", id, command, signature });
      return;
    }
    this.#remoteClients.delete(id.client);
    this.receive({ type: "requested", id, command, signature });
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
        this.#onSent(effect.message);
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
      const { id, command, signature } = message;
      this.#remoteClients.set(id.client, from);
      this.receive({ type: "requested", id, command, signature });
    } else {
      // For a client beside this process, not for the process itself.
      this.#onAnswer(message.id, message.answer, from);
    }
  }

  #answer(id: RequestId, answer: Answer): void {
    const place = this.#placeOf(id.client);
    if (place === undefined) this.#onAnswer(id, answer, this.name);
    else this.#post.send(this.name, place, { type: "answer", id, answer });
  }

  /** Undefined if the client stands beside this process. */
  #placeOf(client: string): PeerId | undefined {
    if (this.#places === undefined) return this.#remoteClients.get(client);
    const place = this.#places.get(client);
    return place === this.name ? undefined : place;
  }
}
