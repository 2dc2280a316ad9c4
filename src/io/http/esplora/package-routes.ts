/** Esplora's routes that electrs passes on to Bitcoin Core: packages, and the next block. */

import express, { type Request, type Router } from "express";
import { esploraRoutes as routes } from "../../../contract/node-api.ts";
import { satoshisPerCoin } from "../../../primitives/amount.ts";
import type { Satoshi } from "../../../primitives/brand.ts";
import type { Queries } from "../../queries/queries.ts";
import { type Writable, writeJson } from "../rpc/call/json.ts";
import { RpcError } from "../rpc/call/rpc-error.ts";
import { packageBounds, submitRawPackage } from "../rpc/methods/packages.ts";
import { templateJson } from "../rpc/shapes/template-json.ts";
import { PlainError } from "./plain-text.ts";
import { wrapped } from "./reject-reason.ts";

/** @see electrs, MAX_BODY_SIZE */
const bodySizeBytesMax = 1_000_000;
/** @see Blockstream/electrs, rest.rs */
const limits = { transactionsMax: 25, hexDigitsMin: 120, hexDigitsEnd: 800_000 } as const;

export function addPackageRoutes(router: Router, { served, nextBlocks }: Queries): void {
  const body = express.text({ type: () => true, limit: bodySizeBytesMax });
  router.post(routes.sendPackage.path, body, async (request, response) => {
    const raw = transactionsFrom(request.body);
    const bounds = {
      countMin: 1, // as later versions of Core, against which electrs is tested
      feeRateMax: coinsIn(request, "maxfeerate") ?? packageBounds.feeRateMax,
      burnMax: coinsIn(request, "maxburnamount") ?? packageBounds.burnMax,
    } as const;
    const result = await passedOn("submitpackage", submitRawPackage(raw, bounds, served));
    response.type("application/json").send(writeJson(result));
  });
  router.get(routes.blockTemplate.path, (_request, response) => {
    const { params } = served.node;
    const now = served.runner.clock.read().wall;
    const json = templateJson(nextBlocks.current(), { params, now, withCoinbase: false });
    response.set("Cache-Control", "no-store").type("application/json").send(writeJson(json));
  });
}

async function passedOn(method: string, result: Promise<Writable>): Promise<Writable> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof RpcError) throw new PlainError(400, wrapped(error, method));
    throw error;
  }
}

function transactionsFrom(body: unknown): readonly string[] {
  const list = parsed(body);
  if (!Array.isArray(list) || !list.every((each) => typeof each === "string")) {
    throw new PlainError(
      400,
      "Invalid JSON",
      'The body is a list: ["hex of a parent", …, "hex of the child"].',
    );
  }
  if (list.length > limits.transactionsMax) {
    throw new PlainError(400, "Exceeded maximum of 25 transactions");
  }
  for (const [index, hex] of list.entries()) {
    if (hex.length < limits.hexDigitsMin || hex.length >= limits.hexDigitsEnd) {
      throw new PlainError(400, `Invalid transaction size for item ${index}`);
    }
    if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) {
      throw new PlainError(400, `Invalid transaction hex for item ${index}`);
    }
  }
  return list;
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : "");
  } catch {
    return undefined;
  }
}

/** A query's coins in satoshis; undefined if it has none. */
function coinsIn({ query }: Request, name: string): Satoshi | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const coins = typeof text === "string" && text.trim() !== "" ? Number(text) : NaN;
  if (!(coins >= 0)) throw new PlainError(400, `Invalid ${name}`);
  return Math.round(coins * satoshisPerCoin) as Satoshi;
}
