/** Buttons that change the lab, and what the lab answered. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Answer, useDashboard } from "../../state/dashboard.ts";

export type Pull = (act: () => Promise<Answer<unknown>>) => void;

/** Pulls a lever, and keeps the last problem as a sentence. */
export function useLever(): { readonly problem: string | null; readonly pull: Pull } {
  const [problem, setProblem] = useState<string | null>(null);
  const pull: Pull = (act) => {
    setProblem(null);
    void act().then((answer) => setProblem(answer.ok ? null : answer.problem));
  };
  return { problem, pull };
}

type Props = {
  readonly children: ComponentChildren;
  /** `primary`: the main button of its panel. */
  readonly look?: "plain" | "primary";
  /** Why this one does not work now; null if it does. */
  readonly reason?: string | null;
  readonly onPull: () => void;
};

/** Disabled, with the reason as its tooltip, if no lever works now or this one does not. */
export function LeverButton({ children, look = "plain", reason = null, onPull }: Props) {
  const why = useDashboard().levers.refusal.value ?? reason;
  return (
    <button
      type="button"
      class={look === "primary" ? look : ""}
      disabled={why !== null}
      title={why ?? ""}
      onClick={onPull}
    >
      {children}
    </button>
  );
}

export function Problem({ text }: { readonly text: string | null }) {
  return (
    <p class="bad small" role="status">
      {text}
    </p>
  );
}
