/** The last payments of a node, and the status of each as that node sees it.  */

import { coinText } from "../../../primitives/amount.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { clockText } from "../../story/clock-text.ts";
import { type PaymentStatus, paymentStatus } from "../../story/payment-status.ts";
import type { Story, StoryPayment } from "../../story/story.ts";
import { TransactionLink } from "../elements/name-link.tsx";

const shownMax = 6;

export function RecentPayments({ from }: { readonly from: string }) {
  const { playback, perspective } = useDashboard();
  const { story } = playback.moment.value;
  const payments = lastPayments(story, from);
  const viewpoint = perspective.value === "everybody" ? { node: from } : perspective.value;
  if (payments.length === 0) return <p class="muted">{from} has not sent any payments yet.</p>;
  return (
    <section class="stack">
      <h3>Last payments of {from}, in coins</h3>
      <table class="small">
        <tbody>
          {payments.map((payment) => {
            const status = paymentStatus(story, payment.txid, viewpoint);
            return (
              <tr key={payment.txid}>
                <td>
                  <time>{clockText(payment.at, playback.span.value.from)}</time>
                </td>
                <td>
                  <TransactionLink txid={payment.txid} />
                </td>
                <td>
                  {coinText(payment.value ?? 0)} → {payment.to ?? "?"}
                </td>
                <td class="wallet-state">{stateWords(status)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** The newest first. */
function lastPayments(story: Story, from: string): readonly StoryPayment[] {
  const last: StoryPayment[] = [];
  for (const payment of story.payments) {
    if (payment.from !== from || payment.value === null) continue;
    last.push(payment);
    if (last.length > shownMax) last.shift();
  }
  return last.reverse();
}

function stateWords({ state, confirmations }: PaymentStatus): string {
  switch (state) {
    case "confirmed":
      return `${confirmations} conf.`;
    case "waiting":
      return "in mempool";
    case "gone":
      return "dropped";
    case "unknown":
      return "unknown";
    default:
      return unreachable(state);
  }
}
