/** Messages to one peer: in their order, lost with the stream, and worse under faults. */

import { expect, test, vi } from "vitest";
import { noFaults, PeerLink, queuedMax } from "../../../src/io/process/peer-link.ts";

/** Streams to a peer, and what arrived there. */
class Peer {
  readonly arrived: number[] = [];
  opened = 0;
  aborted = 0;
  isThere = true;
  /** Each write waits for this. */
  room: Promise<void> = Promise.resolve();

  readonly open = async () => {
    if (!this.isThere) throw new Error("it is not connected");
    this.opened += 1;
    return {
      write: async (frame: Uint8Array) => {
        await this.room;
        if (!this.isThere) throw new Error("the stream was reset");
        this.arrived.push(frame[0] ?? -1);
      },
      abort: () => {
        this.aborted += 1;
      },
    };
  };

  async has(count: number): Promise<readonly number[]> {
    await vi.waitUntil(() => this.arrived.length >= count);
    return this.arrived;
  }
}

function sendAll(link: PeerLink, numbers: readonly number[]): void {
  for (const number of numbers) link.send(new Uint8Array([number]));
}

test("messages arrive in their order, on one stream", async () => {
  const peer = new Peer();
  sendAll(new PeerLink(peer.open), [1, 2, 3, 4]);
  expect(await peer.has(4)).toEqual([1, 2, 3, 4]);
  expect(peer.opened).toBe(1);
});

test("what waits is lost with the stream, and the next message opens another one", async () => {
  const peer = new Peer();
  const room = Promise.withResolvers<void>();
  peer.room = room.promise;
  const link = new PeerLink(peer.open);
  sendAll(link, [1, 2, 3]);
  await vi.waitUntil(() => peer.opened === 1);
  peer.isThere = false;
  room.resolve();
  await vi.waitUntil(() => peer.aborted === 1);
  peer.isThere = true;
  sendAll(link, [9]);
  expect(await peer.has(1)).toEqual([9]);
  expect(peer.opened).toBe(2);
});

test("while the peer takes nothing, messages above the limit are lost", async () => {
  const peer = new Peer();
  const room = Promise.withResolvers<void>();
  peer.room = room.promise;
  const link = new PeerLink(peer.open);
  link.send(new Uint8Array([1]));
  await vi.waitUntil(() => peer.opened === 1);
  sendAll(
    link,
    Array.from({ length: queuedMax + 5 }, () => 2),
  );
  room.resolve();
  await peer.has(queuedMax + 1);
  sendAll(link, [3]);
  await vi.waitUntil(() => peer.arrived.at(-1) === 3);
  expect(peer.arrived).toHaveLength(queuedMax + 2);
});

test("a silent link loses all, and only while it is silent", async () => {
  const peer = new Peer();
  const link = new PeerLink(peer.open);
  link.faults = { ...noFaults, isSilent: true };
  sendAll(link, [1, 2]);
  link.faults = noFaults;
  sendAll(link, [3]);
  expect(await peer.has(1)).toEqual([3]);
});

test("a slow link keeps the order of what it delays", async () => {
  const peer = new Peer();
  const link = new PeerLink(peer.open);
  link.faults = { ...noFaults, delayMs: 20 };
  sendAll(link, [1, 2, 3]);
  expect(peer.arrived).toEqual([]);
  expect(await peer.has(3)).toEqual([1, 2, 3]);
});

test("a scrambled link loses some, brings some twice and lets some overtake", async () => {
  const peer = new Peer();
  // For each message: is it lost, does it come twice, and for each copy: is it held back, how long.
  const draws = [
    ...[0.1], // the first one is lost
    ...[0.9, 0.1, 0.9, 0.9], // the second one comes twice
    ...[0.9, 0.9, 0.1, 0.5], // the third one is held back for 25 ms
    ...[0.9, 0.9, 0.9],
  ];
  const link = new PeerLink(peer.open, () => draws.shift() ?? 0.9);
  link.faults = { ...noFaults, scrambledShare: 0.5 };
  sendAll(link, [1, 2, 3, 4]);
  expect(await peer.has(4)).toEqual([2, 2, 4, 3]);
});
