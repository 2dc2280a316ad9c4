/** Copies a text to the clipboard, and says whether that worked. */

import { useEffect, useState } from "preact/hooks";

const tellingMs = 1_500;

type Outcome = "copied" | "refused" | null;

export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [outcome, setOutcome] = useState<Outcome>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), tellingMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome("copied"),
      () => setOutcome("refused"),
    );
  };
  return (
    <button type="button" class="inspector-copy" aria-label={`Copy ${name}`} onClick={copy}>
      <span aria-live="polite">{wordOf(outcome)}</span>
    </button>
  );
}

function wordOf(outcome: Outcome): string {
  if (outcome === "copied") return "copied ✓";
  return outcome === "refused" ? "not allowed by the browser" : "copy";
}
