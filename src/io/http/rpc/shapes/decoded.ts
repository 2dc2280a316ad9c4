/** Reads what a call gives as hex, or ends it with Bitcoin Core's words. */

import { hexToBytes } from "../../../../primitives/bytes.ts";
import {
  decodeTransaction,
  hasWitness,
  type Transaction,
} from "../../../../primitives/transaction.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

/** @param failure Core's sentence for what is no transaction. */
export function decodedTransaction(hex: string, failure: string): Transaction {
  const bytes = hexToBytes(hex);
  const decoded = bytes.ok ? decodeTransaction(bytes.value) : bytes;
  if (decoded.ok) return decoded.value;
  throw new RpcError(rpcCodes.deserialization, failure);
}

/** @param mayHaveWitness undefined if it does not matter. */
export function decodedTransactionOf(
  hex: string,
  failure: string,
  mayHaveWitness: boolean | undefined,
): Transaction {
  const transaction = decodedTransaction(hex, failure);
  if (mayHaveWitness !== false || !hasWitness(transaction)) return transaction;
  throw new RpcError(rpcCodes.deserialization, failure);
}

/** @param noun what Core calls it. @see Bitcoin Core, ParseHexV */
export function decodedHex(hex: string, noun: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.ok && hex !== "") return bytes.value;
  throw new RpcError(rpcCodes.parameter, `${noun} must be hexadecimal string (not '${hex}')`);
}
