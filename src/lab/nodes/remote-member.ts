/** A node of a lab in a process of its own, driven by messages. */

import type { EventJson } from "../../contract/node-api.ts";
import type { BlockHash, PeerId } from "../../primitives/brand.ts";
import { Child } from "../child/child.ts";
import type { AttackOrder, AttackState } from "./attacker.ts";
import type { BlocksOrder } from "./block-maker.ts";
import type {
  Member,
  MemberActions,
  MemberListener,
  MemberMeasurement,
  MemberOptions,
  MemberStatus,
} from "./member.ts";

/** What it says of itself when it has started. */
export type RemoteReady = {
  readonly peerId: PeerId;
  readonly listen: readonly string[];
  readonly api: string;
};

export type RemoteNews = { readonly news: EventJson; readonly isSecret: boolean };

/** All actions by name. */
export const actionNames = [
  ...(["status", "measure", "dial", "cut", "heal", "slowDown", "mine", "setHashrate"] as const),
  ...(["acceptBlocks", "makeBlocks", "activeBlocks", "waiting"] as const),
  ...(["attack", "attackState", "noteDelivery", "endAttack"] as const),
] satisfies (keyof MemberActions)[];

/** @throws Error if the node does not start. */
export async function startRemoteMember(options: MemberOptions): Promise<Member> {
  const { name } = options;
  const program = { program: "member.process", beside: import.meta.url, argument: options };
  return new RemoteMember(name, await Child.start({ name, ...program }));
}

class RemoteMember implements Member {
  readonly name: string;
  readonly peerId: PeerId;
  readonly listen: readonly string[];
  readonly api: string;
  readonly #child: Child<RemoteReady, MemberActions, RemoteNews>;

  constructor(name: string, child: Child<RemoteReady, MemberActions, RemoteNews>) {
    this.name = name;
    const { peerId, listen, api } = child.ready;
    this.peerId = peerId;
    this.listen = listen;
    this.api = api;
    this.#child = child;
  }

  status(): Promise<MemberStatus> {
    return this.#child.call("status");
  }

  measure(): Promise<MemberMeasurement> {
    return this.#child.call("measure");
  }

  dial(address: string): Promise<void> {
    return this.#child.call("dial", address);
  }

  cut(peers: readonly PeerId[]): Promise<void> {
    return this.#child.call("cut", peers);
  }

  heal(peers: readonly PeerId[]): Promise<void> {
    return this.#child.call("heal", peers);
  }

  slowDown(peer: PeerId, delayMs: number): Promise<void> {
    return this.#child.call("slowDown", peer, delayMs);
  }

  mine(payTo: string | null): Promise<void> {
    return this.#child.call("mine", payTo);
  }

  setHashrate(hashesPerSecond: number): Promise<void> {
    return this.#child.call("setHashrate", hashesPerSecond);
  }

  acceptBlocks(blocks: readonly string[]): Promise<void> {
    return this.#child.call("acceptBlocks", blocks);
  }

  makeBlocks(order: BlocksOrder): Promise<readonly BlockHash[]> {
    return this.#child.call("makeBlocks", order);
  }

  activeBlocks(aboveHeight: number): Promise<readonly string[]> {
    return this.#child.call("activeBlocks", aboveHeight);
  }

  waiting(): Promise<readonly string[]> {
    return this.#child.call("waiting");
  }

  attack(order: AttackOrder): Promise<void> {
    return this.#child.call("attack", order);
  }

  attackState(): Promise<AttackState | null> {
    return this.#child.call("attackState");
  }

  noteDelivery(): Promise<void> {
    return this.#child.call("noteDelivery");
  }

  endAttack(): Promise<void> {
    return this.#child.call("endAttack");
  }

  onNews(listener: MemberListener): void {
    this.#child.onNews(({ news, isSecret }) => listener(news, isSecret));
  }

  onFailure(listener: (reason: string) => void): void {
    this.#child.onFailure(listener);
  }

  crash(): Promise<void> {
    return this.#child.kill();
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
