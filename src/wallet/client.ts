/** A node as a wallet and other commands see it: its REST interface, with types and clear errors. */

import type { CoinPageJson } from "../contract/coin-page.ts";
import type { MiningChange, MiningJson } from "../contract/mining.ts";
import {
  type AddressJson,
  type BlockJson,
  type ChainTipJson,
  defaultBaseUrl,
  esploraRoutes,
  type FeeEstimatesJson,
  type NodeJson,
  ownRoutes,
  pathOf,
  type PathValues,
  type PeerJson,
  type Route,
  type TransactionJson,
  type TransactionOutcomeJson,
} from "../contract/node-api.ts";
import { type ProblemJson, reasonHeader } from "../contract/problem.ts";
import type { BlockHash, Txid } from "../primitives/brand.ts";
import { hexToBytes } from "../primitives/bytes.ts";
import { decodeTransaction, txidOf } from "../primitives/transaction.ts";

const answerTimeoutMs = 30_000;

/** No node answers at that address. */
export class NodeUnreachableError extends Error {
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(
      `No node answers at ${url}. ` +
        "Start one with `powlab node`, or a whole network with `powlab lab`; " +
        "another address is given by --api or POWLAB_API.",
      { cause },
    );
    this.name = "NodeUnreachableError";
    this.url = url;
  }
}

/** The node answered with an error. */
export class NodeRefusedError extends Error {
  /** The status of HTTP. */
  readonly status: number;
  /** Present if the answer was problem details. @see RFC 9457 */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.name = "NodeRefusedError";
    this.status = status;
    this.code = code;
  }
}

type Request = {
  readonly body?: string;
  readonly contentType?: string;
  /** Behind the path, with its question mark. */
  readonly query?: string;
};

/** What undici and the system say of a connection that ended before the answer came. */
const closedCodes: readonly unknown[] = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"];
const knownReasons: readonly string[] = [
  "txn-already-in-mempool",
  "Transaction outputs already in utxo set",
];

export class NodeClient {
  readonly baseUrl: string;
  readonly #token: string | undefined;

  /** @param token required for changes of the node itself only. */
  constructor(baseUrl: string = defaultBaseUrl, token?: string) {
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.#token = token;
  }

  node(): Promise<NodeJson> {
    return this.#json(ownRoutes.node, {});
  }

  chainTips(): Promise<readonly ChainTipJson[]> {
    return this.#json(ownRoutes.chainTips, {});
  }

  peers(): Promise<readonly PeerJson[]> {
    return this.#json(ownRoutes.peers, {});
  }

  mining(): Promise<MiningJson> {
    return this.#json(ownRoutes.mining, {});
  }

  setMining(change: MiningChange): Promise<MiningJson> {
    const body = JSON.stringify(change);
    return this.#json(ownRoutes.setMining, {}, { body, contentType: "application/json" });
  }

  async tipHash(): Promise<BlockHash> {
    return (await this.#text(esploraRoutes.tipHash, {})) as BlockHash;
  }

  async blockHashAt(height: number): Promise<BlockHash> {
    return (await this.#text(esploraRoutes.blockAtHeight, { height })) as BlockHash;
  }

  block(hash: BlockHash): Promise<BlockJson> {
    return this.#json(esploraRoutes.block, { hash });
  }

  blockTxids(hash: BlockHash): Promise<readonly Txid[]> {
    return this.#json(esploraRoutes.blockTxids, { hash });
  }

  address(address: string): Promise<AddressJson> {
    return this.#json(esploraRoutes.address, { address });
  }

  /** What it could spend, a page at a time. @param after what the page before has as `next`. */
  coinPage(address: string, after?: string): Promise<CoinPageJson> {
    const query = after === undefined ? "" : `?after=${encodeURIComponent(after)}`;
    return this.#json(ownRoutes.addressCoins, { address }, { query });
  }

  /** All unconfirmed ones, and the newest 25 confirmed ones. */
  historyOf(address: string): Promise<readonly TransactionJson[]> {
    return this.#json(esploraRoutes.addressHistory, { address });
  }

  /** The 25 confirmed ones that are older than this. */
  historyAfter(address: string, txid: Txid): Promise<readonly TransactionJson[]> {
    return this.#json(esploraRoutes.addressChainAfter, { address, last_seen_txid: txid });
  }

  transaction(txid: Txid): Promise<TransactionJson> {
    return this.#json(esploraRoutes.transaction, { txid });
  }

  transactionOutcome(txid: Txid): Promise<TransactionOutcomeJson> {
    return this.#json(ownRoutes.transactionOutcome, { txid });
  }

  feeEstimates(): Promise<FeeEstimatesJson> {
    return this.#json(esploraRoutes.feeEstimates, {});
  }

  /**
   * A connection that a server closed because it was idle fails once with the next request, and it
   * is unknown whether that arrived. A transaction proves itself, so it is sent again; if it did
   * arrive, the node says that it waits already.
   */
  async sendTransaction(hex: string): Promise<Txid> {
    const request = { body: hex, contentType: "text/plain" };
    const send = () => this.#text(esploraRoutes.sendTransaction, {}, request);
    try {
      return (await send()) as Txid;
    } catch (error) {
      if (!wasClosed(error)) throw error;
    }
    try {
      return (await send()) as Txid;
    } catch (error) {
      const sent = txidOfHex(hex);
      if (!isAlreadyThere(error) || sent === undefined) throw error;
      return sent;
    }
  }

  async #json<Answer, Path extends string>(
    route: Route & { readonly path: Path },
    values: PathValues<Path>,
    request: Request = {},
  ): Promise<Answer> {
    const text = await this.#text(route, values, request);
    try {
      return JSON.parse(text) as Answer;
    } catch {
      throw new NodeRefusedError(200, undefined, `${this.baseUrl} answers, but is no powlab node.`);
    }
  }

  async #text<Path extends string>(
    route: Route & { readonly path: Path },
    values: PathValues<Path>,
    { body, contentType, query = "" }: Request = {},
  ): Promise<string> {
    const headers = new Headers();
    if (contentType !== undefined) headers.set("content-type", contentType);
    if (this.#token !== undefined) headers.set("authorization", `Bearer ${this.#token}`);
    const ask = () =>
      this.#fetch(pathOf(route.path, values) + query, {
        method: route.method,
        headers,
        body: body ?? null,
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
    const isRead = route.method === "GET";
    const { status, ok, reason, text } = await (isRead ? askAgainIfClosed(ask) : ask());
    if (ok) return text;
    const problem = decodeProblem(text);
    throw new NodeRefusedError(
      status,
      problem?.code,
      problem?.detail ?? decodedReason(reason) ?? reasonIn(text.trim()),
    );
  }

  async #fetch(path: string, init: RequestInit) {
    try {
      // Esplora's answers may be kept for seconds, but who asks here wants to know how it is now.
      const response = await fetch(this.baseUrl + path, { ...init, cache: "no-store" });
      const { status, ok, headers } = response;
      return { status, ok, reason: headers.get(reasonHeader), text: await response.text() };
    } catch (error) {
      throw new NodeUnreachableError(this.baseUrl, error);
    }
  }
}

async function askAgainIfClosed<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!wasClosed(error)) throw error;
    return ask();
  }
}

function wasClosed(error: unknown): boolean {
  if (!(error instanceof NodeUnreachableError) || !(error.cause instanceof Error)) return false;
  const { cause } = error.cause; // fetch wraps what undici says
  return cause instanceof Error && "code" in cause && closedCodes.includes(cause.code);
}

/** Whether a node refuses a transaction because it waits or is confirmed. @see Bitcoin Core */
function isAlreadyThere(error: unknown): boolean {
  return error instanceof NodeRefusedError && knownReasons.includes(error.message);
}

function txidOfHex(hex: string): Txid | undefined {
  const bytes = hexToBytes(hex);
  const transaction = bytes.ok ? decodeTransaction(bytes.value) : bytes;
  return transaction.ok ? txidOf(transaction.value) : undefined;
}

function decodeProblem(text: string): ProblemJson | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === "object" && value !== null && "detail" in value;
    return isProblem ? (value as ProblemJson) : undefined;
  } catch {
    return undefined;
  }
}

const rpcErrorPattern = /^sendrawtransaction RPC error: (\{.*\})$/s;

/** What is wrong, in the words of a header. */
function decodedReason(value: string | null): string | undefined {
  if (value === null) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // another server's
  }
}

/** The reason inside Esplora's way of passing on Bitcoin Core's errors; other text stays as it is. */
export function reasonIn(text: string): string {
  const [, json] = rpcErrorPattern.exec(text) ?? [];
  if (json === undefined) return text;
  try {
    const error: unknown = JSON.parse(json);
    const hasMessage = typeof error === "object" && error !== null && "message" in error;
    return hasMessage ? String(error.message) : text;
  } catch {
    return text;
  }
}
