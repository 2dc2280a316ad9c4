/** The selection and the moment shown, in the page's address: a link shows the same elsewhere. */

import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { unreachable } from "../../primitives/verdict.ts";
import type { Dashboard, Perspective, Selection } from "./dashboard.ts";

export type Address = {
  readonly selection: Selection | null;
  readonly perspective: Perspective;
  readonly look: Dashboard["look"]["value"];
  /** Since the first event; null for what happens now. */
  readonly momentMs: number | null;
};

/** @param parts the query and the hash of an address, such as `?view=board` and `#as=shop`. */
export function decodeAddress(...parts: readonly string[]): Address {
  const values = new URLSearchParams(parts.map((part) => part.slice(1)).join("&"));
  const viewer = values.get("as");
  const seconds = Number(values.get("t") ?? NaN);
  return {
    selection: selectionIn(values),
    perspective: viewer === null || viewer === "" ? "everybody" : { node: viewer },
    look: values.get("view") === "board" ? "board" : "desk",
    momentMs: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1_000) : null,
  };
}

/** As a hash, such as `#block=00…&t=83.2&as=shop`; "" if all is at its default. */
export function encodeAddress({ selection, perspective, look, momentMs }: Address): string {
  const values = new URLSearchParams();
  if (selection !== null) values.set(...wordsOf(selection));
  if (momentMs !== null) values.set("t", String(momentMs / 1_000));
  if (perspective !== "everybody") values.set("as", perspective.node);
  if (look === "board") values.set("view", look);
  return values.size === 0 ? "" : `#${values.toString()}`;
}

function wordsOf(selection: Selection): [type: string, name: string] {
  switch (selection.type) {
    case "block":
      return ["block", selection.hash];
    case "node":
      return ["node", selection.name];
    case "transaction":
      return ["tx", selection.txid];
    default:
      return unreachable(selection);
  }
}

const hexName = /^[0-9a-f]{64}$/;

function selectionIn(values: URLSearchParams): Selection | null {
  const [hash, name, txid] = ["block", "node", "tx"].map((type) => values.get(type) ?? "");
  if (isName<BlockHash>(hash)) return { type: "block", hash };
  if (isName<Txid>(txid)) return { type: "transaction", txid };
  return name === undefined || name === "" ? null : { type: "node", name };
}

function isName<Name extends BlockHash | Txid>(text: string | undefined): text is Name {
  return text !== undefined && hexName.test(text);
}
