/** Sends a payment from a node's purse, and shows what became of the last ones. */

import { useState } from "preact/hooks";
import { esploraRoutes, pathOf } from "../../../contract/node-api.ts";
import type { PaymentOrder } from "../../../contract/lab.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { coinText } from "../../../primitives/amount.ts";
import { paymentOrder } from "../../story/payment-form.ts";
import { balanceFacts } from "../../story/rest-facts.ts";
import type { StoryNode } from "../../story/story.ts";
import { factsOf, useAsked } from "../elements/asked.ts";
import { TransactionLink } from "../elements/name-link.tsx";
import { useRemembered } from "../elements/remembered.ts";
import { RecentPayments } from "./recent-payments.tsx";
import "./wallet-card.css";

export function WalletCard() {
  const { playback, kind } = useDashboard();
  const { nodes } = playback.moment.value.story;
  const [from, setFrom] = useRemembered("wallet.from", nodes[0]?.name ?? "");
  const payer = nodes.find(({ name }) => name === from) ?? nodes[0];
  if (kind === "node") {
    return <p class="wallet">A single node keeps no purse. Use the command: powlab wallet send</p>;
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

/** Whenever its tip moves or something waits, there is another balance. */
function Balance({ node: { name, address, tip, waiting } }: { readonly node: StoryNode }) {
  const path = address === null ? null : pathOf(esploraRoutes.address.path, { address });
  const { playback } = useDashboard();
  const asked = useAsked(name, path, `${tip} ${waiting.size}`);
  const balance = factsOf(asked, balanceFacts);
  if (asked.state === "failed") return <output class="bad small">{asked.problem}</output>;
  if (balance === null) return <output class="muted">balance not known now</output>;
  return (
    <output>
      has <strong>{coinText(balance.confirmed)}</strong> coins
      {playback.moment.value.isLive ? "" : " now"}
      {balance.waiting !== 0 && (
        <span class="muted">
          {" "}
          ({balance.waiting > 0 ? "+" : ""}
          {coinText(balance.waiting)} waiting)
        </span>
      )}
    </output>
  );
}

type FormProps = { readonly payer: StoryNode; readonly nodes: readonly StoryNode[] };

type Outcome =
  | { readonly type: "sending" }
  | { readonly type: "sent"; readonly txid: Txid }
  | { readonly type: "failed"; readonly problem: string };

function PaymentForm({ payer, nodes }: FormProps) {
  const { levers } = useDashboard();
  const [to, setTo] = useRemembered("wallet.to", "shop");
  const [amount, setAmount] = useRemembered("wallet.amount", "0.1");
  const [feeRate, setFeeRate] = useRemembered("wallet.fee-rate", "2");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const refusal = levers.refusal.value;
  const isSending = outcome?.type === "sending";
  const send = async (order: PaymentOrder) => {
    setOutcome({ type: "sending" });
    const answer = await levers.pay(order);
    setOutcome(
      answer.ok
        ? { type: "sent", txid: answer.value.txid }
        : { type: "failed", problem: answer.problem },
    );
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal !== null || isSending) return;
        const order = paymentOrder({ from: payer.name, to, amount, feeRate });
        if (order.ok) void send(order.value);
        else setOutcome({ type: "failed", problem: order.problem });
      }}
    >
      <div class="wallet-field">
        <label for="wallet-to">to</label>
        <input
          id="wallet-to"
          type="text"
          list="wallet-nodes"
          placeholder="a node's name or an address"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
        <datalist id="wallet-nodes">
          {nodes.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <div class="wallet-field">
        <label for="wallet-amount">amount</label>
        <input
          id="wallet-amount"
          type="text"
          inputMode="decimal"
          value={amount}
          onInput={(event) => setAmount(event.currentTarget.value)}
        />
        <span class="muted">coins</span>
      </div>
      <div class="wallet-field">
        <label for="wallet-fee-rate">fee rate</label>
        <input
          id="wallet-fee-rate"
          type="text"
          inputMode="decimal"
          value={feeRate}
          onInput={(event) => setFeeRate(event.currentTarget.value)}
        />
        <span class="muted">satoshis a virtual byte</span>
      </div>
      <button type="submit" class="primary" disabled={refusal !== null || isSending}>
        {isSending ? "Sending…" : "Send"}
      </button>
      {refusal !== null && <p class="muted">{refusal}</p>}
      <OutcomeLine outcome={outcome} />
    </form>
  );
}

function OutcomeLine({ outcome }: { readonly outcome: Outcome | null }) {
  return (
    <div aria-live="polite">
      {outcome?.type === "failed" && <p class="bad">{outcome.problem}</p>}
      {outcome?.type === "sent" && (
        <p class="good">
          Sent: <TransactionLink txid={outcome.txid} />
        </p>
      )}
    </div>
  );
}
