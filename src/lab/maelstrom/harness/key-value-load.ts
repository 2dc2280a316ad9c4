/** The workload lin-kv: reads, writes and comparisons of a few keys, judged as linearizable or not. */

import { type HistoryEvent, HistoryRecorder, operationsOf } from "../../../checkers/history.ts";
import { checkLinearizability } from "../../../checkers/linearizability.ts";
import type { Random } from "../../../primitives/random.ts";
import { broken, unreachable, valid, type Verdict } from "../../../primitives/verdict.ts";
import { errorKinds } from "../protocol/error-code.ts";
import { type Body, readFields } from "../protocol/message.ts";
import type { Time } from "../time.ts";
import { type Judgement, type Load, type OperationEnd, readError } from "./load.ts";

const keysCount = 3;
/** Then another key takes its place: the check of a short history is quick. */
const operationsPerKeyMax = 60;
const readShare = 0.4;
const writeShare = 0.35;

type Key = { readonly name: number; operations: number; written: number; lastSeen?: number };
type Asked =
  | { readonly f: "read"; readonly key: Key }
  | { readonly f: "write"; readonly key: Key; readonly value: number }
  | { readonly f: "cas"; readonly key: Key; readonly from: number; readonly to: number };

/**
 * Keys and values are whole numbers, as Maelstrom's are. Unlike Maelstrom's, each value is written
 * once to a key, so that a read shows which write it has seen.
 */
export class KeyValueLoad implements Load {
  readonly #time: Time;
  readonly #random: Random;
  readonly #recorder = new HistoryRecorder();
  readonly #open = new Map<string, Asked>();
  readonly #keys: Key[] = [];
  #keysMade = 0;

  constructor(time: Time, random: Random) {
    this.#time = time;
    this.#random = random;
    for (let at = 0; at < keysCount; at++) this.#keys.push(this.#makeKey());
  }

  get history(): readonly HistoryEvent[] {
    return this.#recorder.events;
  }

  ask(client: string): Body {
    const asked = this.#draw(this.#pickKey());
    this.#open.set(client, asked);
    const [f, key, now] = [asked.f, String(asked.key.name), this.#now];
    switch (asked.f) {
      case "read":
        this.#recorder.invoke(client, { f, key, value: null }, now);
        return { type: "read", key: asked.key.name };
      case "write":
        this.#recorder.invoke(client, { f, key, value: asked.value }, now);
        return { type: "write", key: asked.key.name, value: asked.value };
      case "cas":
        this.#recorder.invoke(client, { f, key, value: [asked.from, asked.to] }, now);
        return { type: "cas", key: asked.key.name, from: asked.from, to: asked.to };
      default:
        return unreachable(asked);
    }
  }

  receive(client: string, reply: Body): Verdict<OperationEnd, string> {
    const asked = this.#take(client);
    const error = readError(reply);
    if (!error.ok) return error;
    if (error.value === undefined) return this.#carriedOut(client, asked, reply);
    const { code, isDefinite } = error.value;
    return valid({ outcome: this.#endWithError(client, asked, code, isDefinite), code });
  }

  giveUp(client: string): void {
    this.#endUnknown(client, this.#take(client), "timeout");
  }

  judge(): Judgement {
    const operations = operationsOf(this.history);
    if (!operations.ok) throw new Error(`a wrong history: ${operations.problem.reason}`);
    const verdict = checkLinearizability(operations.value, { model: "cas" });
    if (verdict.outcome === "linearizable") return { verdict: "linearizable" };
    if (verdict.outcome === "undecided") return { verdict: "undecided", keys: verdict.keys };
    return { verdict: "not-linearizable", refusal: verdict.refusal };
  }

  #carriedOut(client: string, asked: Asked, reply: Body): Verdict<OperationEnd, string> {
    if (reply.type !== `${asked.f}_ok`) {
      return broken(`answers a ${asked.f} with ${JSON.stringify(reply.type)}`);
    }
    if (asked.f === "read") {
      const value = readFields(reply, (reader) => reader.peek("value").scalar());
      if (!value.ok) return broken(`answers a read, and ${value.problem}`);
      if (typeof value.value === "number") asked.key.lastSeen = value.value;
      this.#recorder.ok(client, value.value, this.#now);
    } else {
      asked.key.lastSeen = asked.f === "write" ? asked.value : asked.to;
      this.#recorder.ok(client, undefined, this.#now);
    }
    return valid({ outcome: "ok" });
  }

  /** That a key does not exist is an answer, too: a read of nothing, or a cas that has found nothing. */
  #endWithError(client: string, asked: Asked, code: number, isDefinite: boolean) {
    const isAbsent = code === errorKinds.noKey.code;
    if (asked.f === "read" && isAbsent) {
      this.#recorder.ok(client, null, this.#now);
      return "ok";
    }
    if (asked.f === "cas" && (isAbsent || code === errorKinds.mismatch.code)) {
      this.#recorder.differed(client, this.#now);
      return "differed";
    }
    if (!isDefinite) {
      this.#endUnknown(client, asked, `error ${code}`);
      return "unknown";
    }
    this.#recorder.fail(client, `error ${code}`, this.#now);
    return "failed";
  }

  /** Its key is used no more: what is open for ever stays beside few others. */
  #endUnknown(client: string, { key }: Asked, error: string): void {
    this.#recorder.info(client, error, this.#now);
    key.operations = operationsPerKeyMax;
  }

  #take(client: string): Asked {
    const asked = this.#open.get(client);
    if (asked === undefined) throw new Error(`${client} has asked nothing`);
    this.#open.delete(client);
    return asked;
  }

  #draw(key: Key): Asked {
    const drawn = this.#random.nextFloat();
    if (drawn < readShare) return { f: "read", key };
    const value = key.written++;
    // Before anybody has seen a value there is none to compare with.
    if (drawn < readShare + writeShare || key.lastSeen === undefined) {
      return { f: "write", key, value };
    }
    return { f: "cas", key, from: key.lastSeen, to: value };
  }

  #pickKey(): Key {
    const at = this.#random.nextBelow(keysCount);
    let key = this.#keys[at] as Key;
    if (key.operations >= operationsPerKeyMax) key = this.#keys[at] = this.#makeKey();
    key.operations += 1;
    return key;
  }

  #makeKey(): Key {
    return { name: this.#keysMade++, operations: 0, written: 0 };
  }

  get #now(): number {
    return Math.round(this.#time.elapsedMs);
  }
}
