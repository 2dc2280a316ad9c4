/** What is selected, with everything that is known of it at the moment shown. */

import "./inspector.css";
import { unreachable } from "../../../primitives/verdict.ts";
import { type Selection, useDashboard } from "../../state/dashboard.ts";
import type { Story } from "../../story/story.ts";
import { BlockCard } from "./block-card.tsx";
import { NodeCard } from "./node-card.tsx";
import { NothingSelected } from "./nothing-selected.tsx";
import { TransactionCard } from "./transaction-card.tsx";

export function Inspector() {
  const { selection, playback } = useDashboard();
  const selected = selection.value;
  if (selected === null) {
    return (
      <div class="inspector">
        <NothingSelected />
      </div>
    );
  }
  return (
    <div class="inspector">
      <header>
        <h2>{titleOf(selected, playback.moment.value.story)}</h2>
        <button
          type="button"
          aria-label="Clear the selection"
          onClick={() => (selection.value = null)}
        >
          ✕
        </button>
      </header>
      <Card key={keyOf(selected)} selected={selected} />
    </div>
  );
}

function Card({ selected }: { readonly selected: Selection }) {
  switch (selected.type) {
    case "block":
      return <BlockCard hash={selected.hash} />;
    case "transaction":
      return <TransactionCard txid={selected.txid} />;
    case "node":
      return <NodeCard name={selected.name} />;
    default:
      return unreachable(selected);
  }
}

function titleOf(selected: Selection, story: Story): string {
  switch (selected.type) {
    case "block": {
      const block = story.block(selected.hash);
      return block === undefined ? "Block" : `Block #${block.height}`;
    }
    case "transaction":
      return story.payment(selected.txid)?.value === null ? "Transaction" : "Payment";
    case "node":
      return `Node ${selected.name}`;
    default:
      return unreachable(selected);
  }
}

/** A new card for each thing: what was opened in one stays closed in the next. */
function keyOf(selected: Selection): string {
  switch (selected.type) {
    case "block":
      return selected.hash;
    case "transaction":
      return selected.txid;
    case "node":
      return selected.name;
    default:
      return unreachable(selected);
  }
}
