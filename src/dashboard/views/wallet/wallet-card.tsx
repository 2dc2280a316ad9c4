/** The wallet of a node: its balance, a form for payments, and the last payments. */

import "./wallet-card.css";
import { esploraRoutes, pathOf } from "../../../contract/node-api.ts";
import { coinText } from "../../../primitives/amount.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { balanceFacts } from "../../story/rest-facts.ts";
import type { StoryNode } from "../../story/story.ts";
import { factsOf, useAsked } from "../elements/asked.ts";
import { useRemembered } from "../elements/remembered.ts";
import { PaymentForm } from "./payment-form.tsx";
import { RecentPayments } from "./recent-payments.tsx";

export function WalletCard() {
  const { playback, kind } = useDashboard();
  const { nodes } = playback.moment.value.story;
  const [from, setFrom] = useRemembered("wallet.from", nodes[0]?.name ?? "");
  const payer = nodes.find(({ name }) => name === from) ?? nodes[0];
  if (kind === "node") {
    return <p class="wallet">A single node has no wallet. Use the command: powlab wallet send</p>;
  }
  if (payer === undefined) return <p class="wallet muted">There are no nodes yet.</p>;
  return (
    <div class="wallet">
      <div class="wallet-field">
        <label for="wallet-from">from</label>
        <select
          id="wallet-from"
          value={payer.name}
          onChange={(event) => setFrom(event.currentTarget.value)}
        >
          {nodes.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <Balance node={payer} />
      </div>
      <PaymentForm payer={payer} nodes={nodes} />
      <RecentPayments from={payer.name} />
    </div>
  );
}

/** Asked again whenever the tip or the mempool changes. */
function Balance({ node: { name, address, tip, waiting } }: { readonly node: StoryNode }) {
  const path = address === null ? null : pathOf(esploraRoutes.address.path, { address });
  const { playback } = useDashboard();
  const asked = useAsked(name, path, `${tip} ${waiting.size}`);
  const balance = factsOf(asked, balanceFacts);
  if (asked.state === "failed") return <output class="bad small">{asked.problem}</output>;
  if (balance === null) return <output class="muted">balance unknown</output>;
  return (
    <output>
      has <strong>{coinText(balance.confirmed)}</strong> coins
      {playback.moment.value.isLive ? "" : " now"}
      {balance.waiting !== 0 && (
        <span class="muted">
          {" "}
          ({balance.waiting > 0 ? "+" : ""}
          {coinText(balance.waiting)} unconfirmed)
        </span>
      )}
    </output>
  );
}
