/** The two payments of one coin: the one to the shop, and the one back to the attacker. */

import type { Txid } from "../../../primitives/brand.ts";
import { counted, roughCoinText } from "../../../primitives/figures.ts";
import { useDashboard } from "../../state/dashboard.ts";
import type { AttackStanding } from "../../story/attack-standing.ts";
import { type PaymentStatus, paymentStatus } from "../../story/payment-status.ts";

type Props = { readonly standing: AttackStanding; readonly isSecretSeen: boolean };

export function PaymentCards({ standing: { paid, scene, verdict }, isSecretSeen }: Props) {
  if (paid === null) return null;
  const { payment, conflict, value, conflictVia } = paid;
  const isHidden = verdict === null && !isSecretSeen;
  return (
    <div class="payment-cards">
      <PaymentCard
        txid={payment}
        title="A → shop"
        words={`${roughCoinText(value)} coins for a coffee machine`}
        unseen="not made yet"
      />
      {!isHidden && (
        <PaymentCard
          txid={conflict}
          title={`B → ${scene.attacker}`}
          words="the same coin, back to herself"
          unseen={
            conflictVia === undefined ? `only ${scene.attacker} has it` : "all but the shop have it"
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
