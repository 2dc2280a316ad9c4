/** Spreads signed peer records, so that nodes which know one address find each other. */

import type { Libp2p } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import { PeerRecord, RecordEnvelope } from "@libp2p/peer-record";
import type { PeerId } from "../../primitives/brand.ts";
import { Exchange } from "./exchange.ts";
import type { Gate } from "./gate.ts";
import { peerNamed } from "./identity.ts";
import type { Members, PeerConnection } from "./members.ts";
import { shuffled } from "./shuffled.ts";

/** Records in one message. */
const recordsMax = 32;
/** A signed record with a handful of addresses has 200 to 500 bytes. */
const recordBytesMax = 2_048;
/** Addresses that one node may claim; more would let it send us dialling others. */
const addressesPerRecordMax = 8;
/** Peers we remember; above that, records of unknown peers are not kept. */
const knownMax = 1_000;
/**
 * Members that get a newcomer's record from us; they pass on only records of peers that join them.
 */
const announcedMax = 4;
/** Newcomers wait this long for others, so that many are announced in one message. */
const announcePauseMs = 100;
/** We ask a random member again, more and more rarely while that brings nothing new. */
const askPauseMinMs = 1_000;
const askPauseMaxMs = 30_000;
const requestTimeoutMs = 3_000;

export type AddressExchangeOptions = {
  readonly host: Libp2p;
  readonly protocol: string;
  readonly gate: Gate;
  readonly members: Members;
  /** The peer store has the addresses of one more peer, with whom we are not connected. */
  readonly learned: () => void;
};

/**
 * Every message is a list of records. An empty list asks, and the answer has the records of
 * members; a list with records announces them, and its answer is empty. Only their owners can have
 * signed the records, so no node can forge another's addresses.
 */
export class AddressExchange {
  readonly #options: AddressExchangeOptions;
  readonly #exchange: Exchange;
  readonly #newcomers = new Set<PeerId>();
  #announceTimer: NodeJS.Timeout | undefined;
  #askTimer: NodeJS.Timeout | undefined;
  #askPauseMs = askPauseMinMs;

  constructor(options: AddressExchangeOptions) {
    this.#options = options;
    this.#exchange = new Exchange({
      host: options.host,
      protocol: options.protocol,
      gate: options.gate,
      members: options.members,
      pace: { requestsPerSecond: 5, burst: 20 },
      serve: (from, message) => this.#serve(from, message),
    });
  }

  /** Must run before the host starts, or identify would not list the protocol. */
  async start(): Promise<void> {
    await this.#exchange.start();
  }

  stop(): void {
    clearTimeout(this.#announceTimer);
    clearTimeout(this.#askTimer);
    this.#exchange.stop();
  }

  joined({ peer, direction }: PeerConnection): void {
    this.#newcomers.add(peer);
    this.#announceTimer ??= setTimeout(() => void this.#announce(), announcePauseMs);
    this.#askPauseMs = askPauseMinMs;
    this.#scheduleAsking();
    if (direction === "outbound") void this.#ask(peer);
  }

  left(peer: PeerId): void {
    this.#newcomers.delete(peer);
    this.#exchange.forget(peer);
  }

  #scheduleAsking(): void {
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => {
      const peer = shuffled(this.#options.members.names())[0];
      if (peer !== undefined) void this.#ask(peer);
      this.#askPauseMs = Math.min(askPauseMaxMs, this.#askPauseMs * 2);
      this.#scheduleAsking();
    }, this.#askPauseMs);
  }

  async #ask(peer: PeerId): Promise<void> {
    try {
      const answer = await this.#exchange.request(peer, encodeRecords([]), requestTimeoutMs);
      await this.#learn(decodeRecords(answer));
    } catch {
      // The peer has left or is busy: others are asked later.
    }
  }

  async #announce(): Promise<void> {
    this.#announceTimer = undefined;
    const newcomers = [...this.#newcomers];
    this.#newcomers.clear();
    const records = await this.#recordsOf(newcomers);
    if (records.length === 0) return;
    const audience = this.#options.members.names().filter((peer) => !newcomers.includes(peer));
    for (const peer of shuffled(audience).slice(0, announcedMax)) {
      this.#exchange.request(peer, encodeRecords(records), requestTimeoutMs).catch(() => {
        // Who did not hear will ask.
      });
    }
  }

  async #serve(from: PeerId, message: Uint8Array): Promise<Uint8Array> {
    const records = decodeRecords(message);
    if (records.length > 0) {
      await this.#learn(records);
      return encodeRecords([]);
    }
    const others = this.#options.members.names().filter((peer) => peer !== from);
    return encodeRecords(await this.#recordsOf(shuffled(others)));
  }

  /**
   * Keeps the records of peers we do not know. A known peer's record is not even verified, since
   * that costs more than all the rest; one that has moved is known anew once dialling it failed.
   *
   * @throws Error at the first record that is malformed or not signed by its peer.
   */
  async #learn(records: readonly Uint8Array[]): Promise<void> {
    const { host, gate, learned } = this.#options;
    for (const record of records) {
      const peerId = peerIdFromPublicKey(RecordEnvelope.createFromProtobuf(record).publicKey);
      if (await host.peerStore.has(peerId)) continue;
      if (gate.isDenied(peerNamed(peerId)) || !(await this.#hasRoom())) continue;
      const { multiaddrs } = await openRecord(record);
      if (multiaddrs.length > addressesPerRecordMax) continue;
      await host.peerStore.consumePeerRecord(record, { expectedPeer: peerId });
      this.#askPauseMs = askPauseMinMs;
      learned();
    }
  }

  async #hasRoom(): Promise<boolean> {
    return (await this.#options.host.peerStore.all()).length < knownMax;
  }

  async #recordsOf(peers: readonly PeerId[]): Promise<Uint8Array[]> {
    const { host } = this.#options;
    const records: Uint8Array[] = [];
    const wanted = new Set(peers.slice(0, recordsMax));
    for (const { id, peerRecordEnvelope } of await host.peerStore.all()) {
      if (peerRecordEnvelope === undefined || !wanted.has(peerNamed(id))) continue;
      if (peerRecordEnvelope.length <= recordBytesMax) records.push(peerRecordEnvelope);
    }
    return records;
  }
}

async function openRecord(record: Uint8Array): Promise<PeerRecord> {
  const envelope = await RecordEnvelope.openAndCertify(record, PeerRecord.DOMAIN);
  return PeerRecord.createFromProtobuf(envelope.payload);
}

/** One byte with their number, then each record after its size, two bytes, little-endian. */
function encodeRecords(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(records.length)];
  for (const record of records) {
    parts.push(Uint8Array.of(record.length & 0xff, record.length >> 8), record);
  }
  return Buffer.concat(parts);
}

function decodeRecords(message: Uint8Array): Uint8Array[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const records: Uint8Array[] = [];
  let offset = 1;
  const count = view.getUint8(0);
  if (count > recordsMax) throw new RangeError(`${count} peer records in one message`);
  while (records.length < count) {
    const sizeBytes = view.getUint16(offset, true);
    const end = offset + 2 + sizeBytes;
    if (sizeBytes > recordBytesMax || end > message.length) {
      throw new RangeError(`a peer record of ${sizeBytes} bytes`);
    }
    records.push(message.subarray(offset + 2, end));
    offset = end;
  }
  if (offset !== message.length) throw new RangeError("bytes after the last peer record");
  return records;
}
