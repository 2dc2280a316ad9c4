/** The form that sends a payment from a node's wallet. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { PaymentOrder } from "../../../contract/lab.ts";
import type { Txid } from "../../../primitives/brand.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { type OrderReading, paymentOrder } from "../../story/payment-form.ts";
import type { StoryNode } from "../../story/story.ts";
import { TransactionLink } from "../elements/name-link.tsx";
import { useRemembered } from "../elements/remembered.ts";

type Outcome =
  | { readonly type: "sending" }
  | { readonly type: "sent"; readonly txid: Txid }
  | { readonly type: "failed"; readonly problem: string };

type FormProps = { readonly payer: StoryNode; readonly nodes: readonly StoryNode[] };

export function PaymentForm({ payer, nodes }: FormProps) {
  const { levers } = useDashboard();
  const [to, setTo] = useRemembered("wallet.to", "shop");
  const [amount, setAmount] = useRemembered("wallet.amount", "0.1");
  const [feeRate, setFeeRate] = useRemembered("wallet.fee-rate", "2");
  const { outcome, submit } = usePayment();
  const refusal = levers.refusal.value;
  const isSending = outcome?.type === "sending";
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal !== null || isSending) return;
        submit(paymentOrder({ from: payer.name, to, amount, feeRate }));
      }}
    >
      <Field id="wallet-to" label="to" text={to} onText={setTo} list="wallet-nodes">
        <datalist id="wallet-nodes">
          {nodes.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </Field>
      <Field id="wallet-amount" label="amount" text={amount} onText={setAmount}>
        <span class="muted">coins</span>
      </Field>
      <Field id="wallet-fee-rate" label="fee rate" text={feeRate} onText={setFeeRate}>
        <span class="muted">satoshis per virtual byte</span>
      </Field>
      <button type="submit" class="primary" disabled={refusal !== null || isSending}>
        {isSending ? "Sending…" : "Send"}
      </button>
      {refusal !== null && <p class="muted">{refusal}</p>}
      <OutcomeLine outcome={outcome} />
    </form>
  );
}

/** Sends what was typed in, and keeps what became of it. */
function usePayment() {
  const { levers } = useDashboard();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const send = async (order: PaymentOrder): Promise<void> => {
    setOutcome({ type: "sending" });
    const answer = await levers.pay(order);
    setOutcome(
      answer.ok
        ? { type: "sent", txid: answer.value.txid }
        : { type: "failed", problem: answer.problem },
    );
  };
  const submit = (order: OrderReading): void => {
    if (order.ok) void send(order.value);
    else setOutcome({ type: "failed", problem: order.problem });
  };
  return { outcome, submit };
}

type FieldProps = {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** The id of a list of suggestions; without one, a number is typed in. */
  readonly list?: string;
  /** What follows the field, such as its unit. */
  readonly children: ComponentChildren;
};

function Field({ id, label, text, onText, list, children }: FieldProps) {
  const kind =
    list === undefined
      ? ({ inputMode: "decimal" } as const)
      : { list, placeholder: "a node's name or an address" };
  return (
    <div class="wallet-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        {...kind}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {children}
    </div>
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
