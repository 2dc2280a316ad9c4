/**
 * Commands as transactions: a client of the chain puts each into the data output of a payment to
 * itself. Data, and not payments, because the chain is then what is compared: it orders and keeps,
 * and what a key holds follows from the order. A key that was a coin would add a rule of its own,
 * that of two spends one is refused.
 */

import type { Satoshi } from "../../primitives/brand.ts";
import { JsonReader } from "../../primitives/json-reader.ts";
import { dataScript, isDataScript } from "../../primitives/script.ts";
import { type Transaction, txidOf } from "../../primitives/transaction.ts";
import type { Command, RequestId } from "../../protocols/process/key-value.ts";
import { readValue } from "../../protocols/process/wire.ts";
import type { PaymentCoin, SimulatedWallet } from "../chain-world/simulated-wallet.ts";

const fee = 1_000 as Satoshi;

export class DataWallet {
  readonly #wallet: SimulatedWallet;
  /** Spent in turn, so that what waits forms many short chains and no long one. */
  readonly #coins: PaymentCoin[];
  #next = 0;

  /** @param coins at least one; each is replaced by what a payment leaves of it. */
  constructor(wallet: SimulatedWallet, coins: readonly PaymentCoin[]) {
    this.#wallet = wallet;
    this.#coins = [...coins];
  }

  /** @param command a write or a comparison. */
  pay(id: RequestId, command: Command): Transaction {
    const at = this.#next % this.#coins.length;
    const coin = this.#coins[at] as PaymentCoin;
    const change = { value: (coin.output.value - fee) as Satoshi, script: this.#wallet.script };
    const data = { value: 0 as Satoshi, script: dataScript(encodeCommand(id, command)) };
    const transaction = this.#wallet.pay(coin, [data, change]);
    this.#coins[at] = { point: { txid: txidOf(transaction), index: 1 }, output: change };
    this.#next += 1;
    return transaction;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The id is part of it, so that equal commands are two transactions. */
function encodeCommand({ client, number }: RequestId, command: Command): Uint8Array {
  switch (command.type) {
    case "write":
      return encoder.encode(JSON.stringify([client, number, command.key, command.value]));
    case "compare-and-set": {
      const { key, from, to } = command;
      return encoder.encode(JSON.stringify([client, number, key, from, to]));
    }
    case "read":
    case "propose":
      throw new Error(`a ${command.type} needs no transaction`);
  }
}

/** The command that a transaction carries, if it carries one. */
export function commandIn({ outputs }: Transaction): Command | undefined {
  const script = outputs[0]?.script;
  if (script === undefined || !isDataScript(script)) return undefined;
  // Behind OP_RETURN and the length of the one push.
  const read = JsonReader.read(decoder.decode(script.subarray(2)), readCommandList);
  return read.ok ? read.value : undefined;
}

function readCommandList(reader: JsonReader): Command {
  const [, , key, ...values] = reader.list();
  const [from, to] = values;
  if (key === undefined || from === undefined) return reader.refuse("is no command");
  if (to === undefined) return { type: "write", key: key.text(), value: readValue(from) };
  return { type: "compare-and-set", key: key.text(), from: readValue(from), to: readValue(to) };
}
