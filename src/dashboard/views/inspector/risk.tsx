/** How likely an attacker still takes a payment back at this depth. */

import { useEffect, useState } from "preact/hooks";
import type { OddsJson } from "../../../lab-api.ts";
import { useDashboard, type Answer } from "../../dashboard.ts";

const shares = [0.1, 0.3, 0.45] as const;
/** The attacker hardly ever comes back from here: giving up changes almost nothing. */
const giveUpBehind = 50;
/** The lab's theory goes no deeper. */
const confirmationsMax = 200;

/** Answers by question, of which there are a few hundred: theory does not change. */
const known = new Map<string, OddsJson>();

export function Risk({ confirmations }: { readonly confirmations: number }) {
  const { kind } = useDashboard();
  const [share, setShare] = useState<number>(0.3);
  if (kind !== "lab") return null;
  return (
    <section>
      <h3>Risk at this depth</h3>
      <div class="row">
        <label>
          If an attacker has{" "}
          <select value={share} onChange={(event) => setShare(Number(event.currentTarget.value))}>
            {shares.map((each) => (
              <option key={each} value={each}>
                {Math.round(100 * each)} %
              </option>
            ))}
          </select>{" "}
          of the hash power
        </label>
      </div>
      {confirmations === 0 ? (
        <p>Nothing protects it yet: the payer can still have another payment mined instead.</p>
      ) : (
        <Odds share={share} confirmations={Math.min(confirmations, confirmationsMax)} />
      )}
    </section>
  );
}

type OddsProps = { readonly share: number; readonly confirmations: number };

function Odds({ share, confirmations }: OddsProps) {
  const answer = useOdds(share, confirmations);
  if (answer === null) return <p class="muted">Asking…</p>;
  if (!answer.ok) return <p class="muted">{answer.problem}</p>;
  return (
    <p>
      it takes the payment back with a chance of{" "}
      <strong class="number">{percentText(answer.value.value)}</strong>
      <span class="muted" title={answer.value.source}>
        {" "}
        (theory)
      </span>
    </p>
  );
}

function useOdds(share: number, confirmations: number): Answer<OddsJson> | null {
  const { levers } = useDashboard();
  const question = `${share} ${confirmations}`;
  const [latest, setLatest] = useState<{ question: string; answer: Answer<OddsJson> } | null>(null);
  useEffect(() => {
    if (known.has(question)) return undefined;
    let isWanted = true;
    const attack = { type: "double-spend", premine: 0, giveUpBehind } as const;
    void levers.odds({ ...attack, share, confirmations }).then((answer) => {
      if (answer.ok) known.set(question, answer.value);
      if (isWanted) setLatest({ question, answer });
    });
    return () => {
      isWanted = false;
    };
  }, [question]);
  const value = known.get(question);
  if (value !== undefined) return { ok: true, value };
  return latest?.question === question ? latest.answer : null;
}

function percentText(part: number): string {
  if (part > 0 && part < 0.0001) return "less than 0.01 %";
  return `${(100 * part).toFixed(part < 0.01 ? 2 : 1)} %`;
}
