/** A node of the chain in the simulated world: its network, its miner, and the answers it gives. */

import type { Answer, Effect } from "../../node/effect.ts";
import type { Command, CommandId, NodeEvent } from "../../node/event.ts";
import type { News } from "../../node/news.ts";
import type { Node } from "../../node/node.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { OwnEffectOf } from "../engine/kind.ts";
import { type HostOptions, MachineHost } from "../engine/machine-host.ts";
import type { Subject } from "./checks/check.ts";
import { Miner } from "./miner.ts";
import type { Frame, Network } from "./network.ts";

/** The kind of machine that this world hosts. */
export type ChainKind = {
  readonly event: NodeEvent;
  readonly effect: Effect;
  readonly machine: Node;
  readonly cause: Frame;
  readonly news: News;
  readonly subject: Subject;
};

export type ChainHostOptions = HostOptions<ChainKind> & {
  readonly network: Network;
  /** Hashes a second. */
  readonly hashrate: number;
  readonly onNews: (news: News) => void;
};

export class ChainHost extends MachineHost<ChainKind> {
  readonly hashrate: number;
  readonly #network: Network;
  readonly #onNews: (news: News) => void;
  readonly #miner: Miner;
  readonly #answers = new Map<CommandId, Answer>();
  #commands = 0;

  constructor(options: ChainHostOptions) {
    super(options);
    const { clock, random, hashrate, network, onNews } = options;
    this.hashrate = hashrate;
    this.#network = network;
    this.#onNews = onNews;
    this.#miner = new Miner({
      clock,
      wallClock: () => this.now.wall,
      random: random.fork("mining"),
      hashrate,
      onSolved: (block) => this.receive({ type: "block-solved", block }),
    });
  }

  /** @throws Error if it is not running. */
  get node(): Node {
    return this.machine;
  }

  /** A paused node finds no blocks: its threads are paused, too. */
  override pause(): void {
    super.pause();
    if (this.isPaused) this.#miner.pause();
  }

  override resume(): void {
    this.#miner.resume();
    super.resume();
  }

  command(command: Command): CommandId {
    const id = ++this.#commands as CommandId;
    this.receive({ type: "command", id, command });
    return id;
  }

  /** The answer to a command, once it has come; it is handed out once. */
  takeAnswer(id: CommandId): Answer | undefined {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    return answer;
  }

  protected attach(): void {
    this.#network.attach(this.name, (event, frame) => this.receive(event, frame));
  }

  protected detach(): void {
    this.#miner.mine(undefined);
    this.#miner.resume();
    this.#network.detach(this.name);
  }

  protected carryOut(effect: OwnEffectOf<ChainKind>, frame: Frame | undefined): void {
    switch (effect.type) {
      case "respond":
        this.#network.respond(this.name, effect.to, effect.id, effect.response);
        return;
      case "request":
        this.#network.request(this.name, effect.to, effect.id, effect.request);
        return;
      case "gossip":
        this.#network.gossip(this.name, effect.message);
        return;
      case "judge-gossip":
        if (frame === undefined) throw new Error("a verdict without gossip");
        this.#network.judge(this.name, frame, effect.verdict);
        return;
      case "disconnect":
        this.#network.links.hangUp(this.name, effect.peer, effect.banMs);
        return;
      case "mine":
        this.#miner.mine(effect.template);
        return;
      case "answer":
        this.#answers.set(effect.id, effect.answer);
        return;
      case "news":
        this.#onNews(effect.news);
        return;
      default:
        unreachable(effect);
    }
  }

  /** What others send may be lost and is sent again; the rest happens once. */
  protected override mayLose({ type }: NodeEvent): boolean {
    return type === "request" || type === "gossip" || type === "malformed";
  }
}
