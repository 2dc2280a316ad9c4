/** A node of a lab in a process of its own, driven by messages. */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { PeerId } from "../../primitives/brand.ts";
import type { AttackOrder, AttackState } from "./attacker.ts";
import type {
  Member,
  MemberActions,
  MemberListener,
  MemberMeasurement,
  MemberOptions,
  MemberStatus,
} from "./member.ts";
import type { ActionName, FromMember, ToMember } from "./member-message.ts";

/** A node that has not ended by then is killed. */
const stopTimeoutMs = 2_000;
const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
const program = fileURLToPath(new URL(`./member.process.${ending}`, import.meta.url));

/** @throws Error if the node does not start. */
export async function startRemoteMember(options: MemberOptions): Promise<Member> {
  const child = fork(program, [JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const first = await Promise.race([once(child, "message"), exited.then(() => undefined)]);
  const [message] = (first ?? []) as [FromMember?];
  if (message?.type === "ready") return new RemoteMember(options.name, child, message);
  const reason = message?.type === "refused" ? message.reason : "its process ended";
  child.kill("SIGKILL");
  throw new Error(`The node ${options.name} does not start: ${reason}`);
}

type Ready = FromMember & { readonly type: "ready" };

class RemoteMember implements Member {
  readonly name: string;
  readonly peerId: PeerId;
  readonly listen: readonly string[];
  readonly api: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #newsListeners = new Set<MemberListener>();
  readonly #failureListeners = new Set<(reason: string) => void>();
  #lastId = 0;
  #isStopping = false;

  constructor(name: string, child: ChildProcess, { peerId, listen, api }: Ready) {
    this.name = name;
    this.peerId = peerId;
    this.listen = listen;
    this.api = api;
    this.#child = child;
    this.#exited = once(child, "exit").then(() => this.#failCalls());
    child.on("message", (message: FromMember) => this.#receive(message));
    child.on("error", () => this.#failCalls());
  }

  status(): Promise<MemberStatus> {
    return this.#call("status");
  }

  measure(): Promise<MemberMeasurement> {
    return this.#call("measure");
  }

  dial(address: string): Promise<void> {
    return this.#call("dial", address);
  }

  cut(peers: readonly PeerId[]): Promise<void> {
    return this.#call("cut", peers);
  }

  heal(peers: readonly PeerId[]): Promise<void> {
    return this.#call("heal", peers);
  }

  slowDown(peer: PeerId, delayMs: number): Promise<void> {
    return this.#call("slowDown", peer, delayMs);
  }

  mine(payTo: string | null): Promise<void> {
    return this.#call("mine", payTo);
  }

  setHashrate(hashesPerSecond: number): Promise<void> {
    return this.#call("setHashrate", hashesPerSecond);
  }

  acceptBlocks(blocks: readonly string[]): Promise<void> {
    return this.#call("acceptBlocks", blocks);
  }

  attack(order: AttackOrder): Promise<void> {
    return this.#call("attack", order);
  }

  attackState(): Promise<AttackState | null> {
    return this.#call("attackState");
  }

  noteDelivery(): Promise<void> {
    return this.#call("noteDelivery");
  }

  endAttack(): Promise<void> {
    return this.#call("endAttack");
  }

  onNews(listener: MemberListener): void {
    this.#newsListeners.add(listener);
  }

  onFailure(listener: (reason: string) => void): void {
    this.#failureListeners.add(listener);
  }

  async crash(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
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

  #call<Name extends ActionName>(
    action: Name,
    ...values: Parameters<MemberActions[Name]>
  ): ReturnType<MemberActions[Name]> {
    const id = ++this.#lastId;
    const call = Promise.withResolvers<unknown>();
    this.#calls.set(id, call);
    this.#send({ type: "call", id, action, values });
    return call.promise as ReturnType<MemberActions[Name]>;
  }

  #send(message: ToMember): void {
    if (this.#child.connected) this.#child.send(message);
    else this.#failCalls();
  }

  #receive(message: FromMember): void {
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
        for (const listener of this.#newsListeners) listener(message.news, message.isSecret);
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
    const gone = new Error(`the process of ${this.name} has ended`);
    for (const { reject } of this.#calls.values()) reject(gone);
    this.#calls.clear();
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const listener of this.#failureListeners) listener(gone.message);
  }
}
