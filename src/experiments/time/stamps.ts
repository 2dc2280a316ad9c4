/** Events of several processes, stamped by three kinds of clock, and which of them caused which. */

/** Its position among all events, in the order in which they happened. */
export type EventNumber = number;

export type StampedEvent = {
  readonly process: number;
  /** When it really happened, which no process knows. */
  readonly atMs: number;
  readonly lamport: number;
  /** So many events of each process are this one or before it. */
  readonly vector: readonly number[];
  /** The one before it in its process, and the sending of what it received. */
  readonly causes: readonly EventNumber[];
};

/**
 * Stamps as Lamport's clocks and vector clocks do: each event counts one, and a message brings the
 * sender's stamp.
 *
 * @see Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, 1978; Fidge and
 *   Mattern, 1988
 */
export class Stamps {
  readonly events: StampedEvent[] = [];
  readonly #processes: number;
  readonly #newest = new Map<number, EventNumber>();

  constructor(processes: number) {
    this.#processes = processes;
  }

  /** @param received the sending of the message that is received, if any is. */
  add(process: number, atMs: number, received?: EventNumber): EventNumber {
    const newest = this.#newest.get(process);
    const causes = [newest, received].filter((cause) => cause !== undefined);
    const known = causes.map((cause) => this.events[cause] as StampedEvent);
    const vector = Array.from({ length: this.#processes }, (_, at) => {
      const counted = Math.max(0, ...known.map((event) => event.vector[at] ?? 0));
      return at === process ? counted + 1 : counted;
    });
    const lamport = Math.max(0, ...known.map((event) => event.lamport)) + 1;
    const number = this.events.length;
    this.events.push({ process, atMs, lamport, vector, causes });
    this.#newest.set(process, number);
    return number;
  }
}

export type Judgement = {
  /** Pairs of which one is a cause of the other, and those of which none is. */
  readonly ordered: number;
  readonly concurrent: number;
  /** Ordered pairs whose Lamport clocks do not grow, and concurrent ones that they put in an order. */
  readonly lamportWrong: number;
  readonly lamportGuessed: number;
  /** Pairs, ordered or not, that vector clocks take for something else. */
  readonly vectorWrong: number;
};

/** Compares the stamps with what follows from the causes alone. */
export function judgeStamps(events: readonly StampedEvent[]): Judgement {
  let [ordered, concurrent] = [0, 0];
  let [lamportWrong, lamportGuessed, vectorWrong] = [0, 0, 0];
  for (const { earlier, later, isCause } of pairsOf(events)) {
    if (isCause) ordered += 1;
    else concurrent += 1;
    if (isCause && earlier.lamport >= later.lamport) lamportWrong += 1;
    if (!isCause && earlier.lamport !== later.lamport) lamportGuessed += 1;
    const isBelow = isVectorBelow(earlier, later);
    if (isBelow !== isCause || isVectorBelow(later, earlier)) vectorWrong += 1;
  }
  return { ordered, concurrent, lamportWrong, lamportGuessed, vectorWrong };
}

/** Ordered pairs whose wall clocks run backwards. @param aheadMs how far each process's is ahead. */
export function wallWrong(events: readonly StampedEvent[], aheadMs: readonly number[]): number {
  const wallOf = ({ process, atMs }: StampedEvent) => atMs + (aheadMs[process] ?? 0);
  let wrong = 0;
  for (const { earlier, later, isCause } of pairsOf(events)) {
    if (isCause && wallOf(earlier) > wallOf(later)) wrong += 1;
  }
  return wrong;
}

type Pair = {
  readonly earlier: StampedEvent;
  readonly later: StampedEvent;
  readonly isCause: boolean;
};

/** All pairs; the second happened after the first, and may be caused by it. */
function* pairsOf(events: readonly StampedEvent[]): Generator<Pair> {
  const ancestors: Uint8Array[] = [];
  for (const [number, later] of events.entries()) {
    const own = new Uint8Array(number);
    for (const cause of later.causes) {
      own[cause] = 1;
      ancestors[cause]?.forEach((isThere, at) => (own[at] = (own[at] ?? 0) | isThere));
    }
    ancestors.push(own);
    for (let before = 0; before < number; before++) {
      yield { earlier: events[before] as StampedEvent, later, isCause: own[before] === 1 };
    }
  }
}

function isVectorBelow(a: StampedEvent, b: StampedEvent): boolean {
  return a.vector.every((count, at) => count <= (b.vector[at] ?? 0)) && a !== b;
}
