/**
 * A node of Maelstrom's protocol: a process of any of our protocols that replicate a key-value store,
 * the very machine that the simulator hosts, behind lines of JSON. Its disk is in memory, for
 * Maelstrom ends nodes with the test only, and the clients of the next test have the same names.
 */

import type { Elapsed, Milliseconds, PeerId } from "../../../primitives/brand.ts";
import type { Random } from "../../../primitives/random.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { EqualAnswers } from "../../../protocols/process/equal-answers.ts";
import type { Answer, Command, RequestId } from "../../../protocols/process/key-value.ts";
import {
  ProcessMachine,
  type ProcessMachineEffect,
  type ProcessMachineEvent,
} from "../../../protocols/process/process-machine.ts";
import type { Protocol } from "../../../protocols/process/protocol.ts";
import { requestText, type Signatures } from "../../../protocols/process/signatures.ts";
import { MemoryStore } from "../../../sim/engine/memory-store.ts";
import { errorBody, errorKinds } from "../protocol/error-code.ts";
import { isKeyValueRequest, readKeyValueRequest, replyTo } from "../protocol/key-value.ts";
import { type Body, type Message, readFields, readMessage } from "../protocol/message.ts";
import type { Time } from "../time.ts";
import { KnownKeys } from "./known-keys.ts";
import { type Attempt, keyOf, OpenRequests, type RequestEnd } from "./open-requests.ts";
import { encodePeerBody, isPeerBody, type PeerBody, readPeerBody } from "./peer-body.ts";

export type MaelstromNodeOptions = {
  readonly protocol: Protocol;
  /** For a protocol that signs: what signs in the name of a node, and of a client that cannot. */
  readonly signaturesOf?: ((name: string) => Signatures) | undefined;
  readonly random: Random;
  readonly time: Time;
  readonly send: (message: Message) => void;
  /** A line for people. */
  readonly say: (line: string) => void;
};

/** Requests from other nodes whose answer is still to come; the oldest is forgotten for one more. */
const originsMax = 10_000;

/** What a node is after `init`. */
type Life = {
  readonly name: PeerId;
  readonly members: readonly PeerId[];
  readonly machine: ProcessMachine;
  readonly store: MemoryStore;
  /** Of so many nodes, all of which are asked; undefined where the one that leads answers alone. */
  readonly answersNeeded: number | undefined;
};

/** An attempt as the process takes it. */
type Signed = Attempt & { readonly signature?: string };

/** @property attempt the request that the event hands to the process: an answer to it comes at once. */
type Arrival = { readonly event: ProcessMachineEvent; readonly attempt: Attempt | undefined };

export class MaelstromNode {
  readonly #options: MaelstromNodeOptions;
  readonly #requests: OpenRequests;
  /** Where requests came from that another node has forwarded. */
  readonly #origins = new Map<string, PeerId>();
  readonly #knownKeys = new KnownKeys();
  #life: Life | undefined;
  /** To open requests of clients here, where several equal ones are needed. */
  readonly #given = new Map<string, EqualAnswers>();
  /** Effects may lead to further events: those wait until all effects before them are carried out. */
  readonly #inbox: Arrival[] = [];
  /** The event whose effects are carried out. */
  #current: Arrival | undefined;
  /** The times at which the process is to be woken; the latest first. */
  readonly #wakes: Elapsed[] = [];

  constructor(options: MaelstromNodeOptions) {
    this.#options = options;
    this.#requests = new OpenRequests({
      time: options.time,
      hand: (attempt) => this.#handOut(attempt),
      forward: (to, attempt) => this.#sendToPeer(to, { type: "powlab-request", ...attempt }),
    });
  }

  /** What the node sends has been sent when this returns, as far as it can be known by then. */
  receive(line: string): void {
    const message = readMessage(line);
    if (!message.ok) {
      this.#options.say(`a line is no message: ${message.problem}`);
      return;
    }
    const { body } = message.value;
    if (body.type === "init") this.#begin(message.value);
    else if (this.#life === undefined) {
      this.#reply(message.value, errorBody(errorKinds.unavailable, "init has not come yet"));
    } else if (isPeerBody(body)) this.#receiveFromPeer(this.#life, message.value);
    else this.#serve(message.value);
  }

  #begin(message: Message): void {
    if (this.#life !== undefined) {
      this.#reply(message, errorBody(errorKinds.abort, "init came before"));
      return;
    }
    const names = readFields(message.body, (reader) => {
      const [id, ids] = [reader.peek("node_id").text(), reader.peek("node_ids")];
      const members = ids.list().map((each) => each.text());
      if (members.includes(id)) return { name: id as PeerId, members: members as PeerId[] };
      return ids.refuse(`must have the node's own name ${id}, got ${ids.shown}`);
    });
    if (!names.ok) {
      this.#reply(message, errorBody(errorKinds.malformed, names.problem));
      return;
    }
    const { name, members } = names.value;
    const { protocol, random, signaturesOf } = this.#options;
    const store = new MemoryStore();
    const setting = { name, members };
    const machine = new ProcessMachine({
      ...{ protocol, setting, store, random: random.fork(name) },
      ...(signaturesOf && { signatures: signaturesOf(name) }),
    });
    const answersNeeded = protocol.answersNeeded?.(members.length);
    this.#life = { name, members, machine, store, answersNeeded };
    this.#reply(message, { type: "init_ok" });
    this.#handle({ type: "woken" });
  }

  #serve(message: Message): void {
    const { body } = message;
    if (body.type === "echo") this.#reply(message, { type: "echo_ok", echo: body["echo"] ?? null });
    else if (body.type === "topology") this.#reply(message, { type: "topology_ok" });
    else if (isKeyValueRequest(body)) this.#request(message);
    else if (body.in_reply_to === undefined) this.#reply(message, refusalOf(body));
  }

  #request(message: Message): void {
    const { src: client, body } = message;
    const { msg_id: number } = body;
    if (number === undefined || number < 0) {
      this.#options.say(`a ${body.type} of ${client} has no msg_id, so it cannot be answered`);
      return;
    }
    const command = readKeyValueRequest(body);
    if (!command.ok) {
      this.#reply(message, errorBody(errorKinds.malformed, command.problem));
      return;
    }
    this.#ask({ client, number }, command.value, (end) => {
      this.#conclude(message, command.value, end);
    });
  }

  #ask(id: RequestId, command: Command, end: (end: RequestEnd) => void): void {
    const key = keyOf(id);
    if (!this.#given.has(key)) this.#given.set(key, new EqualAnswers());
    this.#requests.begin(id, command, (how) => {
      this.#given.delete(key);
      end(how);
    });
  }

  #conclude(message: Message, command: Command, end: RequestEnd): void {
    if (end.type !== "answered") {
      this.#reply(message, bodyOfFailure(end));
      return;
    }
    const { answer } = end;
    this.#knownKeys.learn(command, answer);
    const isRefused = answer.type === "compared" && !answer.isSet;
    if (isRefused && command.type !== "propose" && !this.#knownKeys.has(command.key)) {
      this.#findOut(message, command.key, answer);
      return;
    }
    this.#reply(message, replyTo(answer, true));
  }

  /** A comparison has failed: because of another value, or because the key does not exist? */
  #findOut(message: Message, key: string, answer: Extract<Answer, { type: "compared" }>): void {
    const { src, body } = message;
    const id: RequestId = { client: `${src} asks for a key`, number: body.msg_id ?? 0 };
    const command = { type: "read", key } as const;
    this.#ask(id, command, (end) => {
      const isAnswered = end.type === "answered" && end.answer.type === "read";
      if (isAnswered) this.#knownKeys.learn(command, end.answer);
      const isAbsent = isAnswered && !this.#knownKeys.has(key);
      this.#reply(message, replyTo(answer, !isAbsent));
    });
  }

  #receiveFromPeer({ members }: Life, { src, body }: Message): void {
    const from = src as PeerId;
    if (!members.includes(from)) {
      this.#options.say(`${src} is no node of this test, so its ${body.type} is ignored`);
      return;
    }
    const read = readPeerBody(body);
    if (!read.ok) {
      this.#options.say(`a ${body.type} of ${src} is ignored: ${read.problem}`);
      return;
    }
    this.#take(from, read.value);
  }

  #take(from: PeerId, body: PeerBody): void {
    switch (body.type) {
      case "powlab-message":
        this.#handle({ type: "message", from, message: body.bytes });
        return;
      case "powlab-request":
        this.#remember(body.id, from);
        this.#hand(body);
        return;
      case "powlab-answer":
        if (this.#life?.answersNeeded === undefined) {
          this.#requests.receive(body.id, body.answer, body.attempt);
        } else this.#count(from, body.id, body.answer, this.#life.answersNeeded);
        return;
      default:
        unreachable(body);
    }
  }

  #remember(id: RequestId, from: PeerId): void {
    const [oldest] = this.#origins.keys();
    if (oldest !== undefined && this.#origins.size >= originsMax) this.#origins.delete(oldest);
    this.#origins.set(keyOf(id), from);
  }

  /** Clients of Maelstrom ask one node, and sign nothing: where that is needed, the node does it for them. */
  #handOut(attempt: Attempt): void {
    const { signaturesOf } = this.#options;
    const { name, members, answersNeeded } = this.#life ?? {};
    if (answersNeeded === undefined || signaturesOf === undefined) {
      this.#hand(attempt);
      return;
    }
    const { id, command } = attempt;
    const signature = signaturesOf(id.client).sign(requestText(id, command));
    const signed = { ...attempt, signature };
    for (const to of members ?? []) {
      if (to !== name) this.#sendToPeer(to, { type: "powlab-request", ...signed });
    }
    this.#hand(signed);
  }

  #hand(attempt: Signed): void {
    const { id, command, signature } = attempt;
    this.#handle({ type: "requested", id, command, ...(signature && { signature }) }, attempt);
  }

  /** One node may be byzantine: enough others must say the same. */
  #count(by: PeerId, id: RequestId, answer: Answer, answersNeeded: number): void {
    const count = this.#given.get(keyOf(id))?.add(answer, by) ?? 0;
    if (count >= answersNeeded) this.#requests.receive(id, answer);
  }

  #handle(event: ProcessMachineEvent, attempt?: Attempt): void {
    this.#inbox.push({ event, attempt });
    if (this.#life === undefined || this.#current !== undefined) return;
    while ((this.#current = this.#inbox.shift()) !== undefined) {
      const elapsed = this.#options.time.elapsedMs as Elapsed;
      // No process reads the wall clock.
      const now = { wall: 0 as Milliseconds, elapsed };
      const effects = this.#life.machine.handle(this.#current.event, now);
      for (const effect of effects) this.#carryOut(this.#life, effect);
    }
  }

  #carryOut(life: Life, effect: ProcessMachineEffect): void {
    switch (effect.type) {
      case "persist":
        life.store.persist(effect.batch);
        return;
      case "wake":
        this.#wakeAt(effect.at);
        return;
      case "send":
        this.#sendToPeer(effect.to, { type: "powlab-message", bytes: effect.message });
        return;
      case "answer":
        this.#answer(life, effect.id, effect.answer);
        return;
      case "news":
        return;
      default:
        unreachable(effect);
    }
  }

  #answer({ name, answersNeeded }: Life, id: RequestId, answer: Answer): void {
    const key = keyOf(id);
    const handed = this.#current?.attempt;
    const attempt = handed !== undefined && keyOf(handed.id) === key ? handed.attempt : undefined;
    const origin = this.#origins.get(key);
    if (origin !== undefined) {
      this.#origins.delete(key);
      const atOnce = attempt === undefined ? {} : { attempt };
      this.#sendToPeer(origin, { type: "powlab-answer", id, answer, ...atOnce });
    } else if (answersNeeded !== undefined) {
      this.#count(name, id, answer, answersNeeded);
    } else if (answer.type === "redirected") {
      this.#requests.follow(id, answer.leader as PeerId | undefined, attempt);
    } else this.#requests.receive(id, answer);
  }

  #wakeAt(at: Elapsed): void {
    const earliest = this.#wakes.at(-1);
    if (earliest !== undefined && earliest <= at) return;
    this.#wakes.push(at);
    const { time } = this.#options;
    time.after(Math.ceil(Math.max(0, at - time.elapsedMs)), () => {
      this.#wakes.splice(this.#wakes.indexOf(at), 1);
      this.#handle({ type: "woken" });
    });
  }

  #sendToPeer(to: PeerId, body: PeerBody): void {
    const src = this.#life?.name ?? "";
    this.#options.send({ src, dest: to, body: encodePeerBody(body) });
  }

  /** What has no `msg_id` wants no reply. */
  #reply({ src, dest, body }: Message, reply: Body): void {
    if (body.msg_id === undefined) return;
    const own = this.#life?.name ?? dest;
    this.#options.send({ src: own, dest: src, body: { ...reply, in_reply_to: body.msg_id } });
  }
}

function refusalOf({ type }: Body): Body {
  const reason =
    type === "txn"
      ? "a protocol here carries out one command at a time, so it has no transactions of several"
      : `there is no request ${JSON.stringify(type)} here`;
  return errorBody(errorKinds.notSupported, reason);
}

function bodyOfFailure({ type }: Exclude<RequestEnd, { readonly type: "answered" }>): Body {
  return type === "not-taken"
    ? errorBody(errorKinds.unavailable, "no node is known to lead")
    : errorBody(errorKinds.timeout, "the node that may lead has not answered");
}
