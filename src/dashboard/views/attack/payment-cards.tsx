/** The two payments of one coin: what the shop was given, and what lies in the attacker's pocket. */

import type { Txid } from "../../../primitives/brand.ts";
import { counted } from "../../../primitives/figures.ts";
import { useDashboard } from "../../dashboard.ts";
import type { AttackStanding } from "../../story/attack-standing.ts";
import { paymentStatus, type PaymentStatus } from "../../story/payment-status.ts";
import { roughCoinText } from "../../story/rough-coin-text.ts";

type Props = { readonly standing: AttackStanding; readonly isSecretSeen: boolean };

export function PaymentCards({ standing: { paid, scene, verdict }, isSecretSeen }: Props) {
  if (paid === null) return null;
  const { payment, conflict, value } = paid;
  const isHidden = verdict === null && !isSecretSeen;
  return (
    <div class="payment-cards">
      <PaymentCard
        txid={payment}
        title="A → shop"
        words={`${roughCoinText(value)} coins for a coffee machine`}
        unseen="not told yet"
      />
      {!isHidden && (
        <PaymentCard
          txid={conflict}
          title={`B → ${scene.attacker}`}
          words="the same coin, back to herself"
          unseen={
            scene.attack === "eclipse"
              ? "all but the shop have it"
              : `only ${scene.attacker} has it`
          }
        />
      )}
    </div>
  );
}

type CardProps = {
  readonly txid: Txid;
  readonly title: string;
  readonly words: string;
  /** What to say of it while no honest node has it. */
  readonly unseen: string;
};

/** Selects the payment. */
function PaymentCard({ txid, title, words, unseen }: CardProps) {
  const { playback, selection } = useDashboard();
  const status = paymentStatus(playback.moment.value.story, txid, { node: "shop" });
  return (
    <button
      type="button"
      class="payment-card"
      title="Show this payment in the inspector"
      onClick={() => (selection.value = { type: "transaction", txid })}
    >
      <strong>{title}</strong>
      <span class="small">{words}</span>
      <span class={`small payment-card-state is-${status.state}`}>{stateText(status, unseen)}</span>
    </button>
  );
}

function stateText({ state, confirmations }: PaymentStatus, unseen: string): string {
  switch (state) {
    case "confirmed":
      return `✓ ${counted(confirmations, "confirmation")}`;
    case "waiting":
      return "waits for a block";
    case "gone":
      return "✗ gone";
    case "unknown":
      return unseen;
  }
}
