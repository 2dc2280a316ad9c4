/** A node as a wallet and other commands see it: its REST interface, with types and clear errors. */

import type { MiningChange, MiningJson } from "../contract/mining.ts";
import {
  type AddressJson,
  type BlockJson,
  type ChainTipJson,
  type CoinJson,
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
import type { ProblemJson } from "../contract/problem.ts";
import type { BlockHash, Txid } from "../primitives/brand.ts";

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

type Request = { readonly body?: string; readonly contentType?: string };

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

  coinsOf(address: string): Promise<readonly CoinJson[]> {
    return this.#json(esploraRoutes.addressCoins, { address });
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

  async sendTransaction(hex: string): Promise<Txid> {
    const request = { body: hex, contentType: "text/plain" };
    return (await this.#text(esploraRoutes.sendTransaction, {}, request)) as Txid;
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
    { body, contentType }: Request = {},
  ): Promise<string> {
    const headers = new Headers();
    if (contentType !== undefined) headers.set("content-type", contentType);
    if (this.#token !== undefined) headers.set("authorization", `Bearer ${this.#token}`);
    const { status, ok, text } = await this.#fetch(pathOf(route.path, values), {
      method: route.method,
      headers,
      body: body ?? null,
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (ok) return text;
    const problem = decodeProblem(text);
    throw new NodeRefusedError(status, problem?.code, problem?.detail ?? reasonIn(text.trim()));
  }

  async #fetch(path: string, init: RequestInit) {
    try {
      const response = await fetch(this.baseUrl + path, init);
      return { status: response.status, ok: response.ok, text: await response.text() };
    } catch (error) {
      throw new NodeUnreachableError(this.baseUrl, error);
    }
  }
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
