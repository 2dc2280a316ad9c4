/** First steps: four cards, each of which points at the panel that it explains. */

import "./coach-cards.css";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Dashboard, useDashboard } from "../state/dashboard.ts";
import { recall, remember } from "../state/memory.ts";
import { guidedPlan } from "../story/attack-plan.ts";
import { plan } from "./attack/plan.ts";

type Card = {
  readonly title: string;
  readonly words: string;
  /** The panel it points at. */
  readonly panel: "tree" | "graph" | "timeline" | "side";
  readonly isFor: readonly Dashboard["kind"][];
};

const cards: readonly Card[] = [
  {
    title: "Look at a block",
    words:
      "A block is a list of payments plus proof of work; it links to the block before it. " +
      "Click one: the Inspector shows its contents and when each node received it.",
    panel: "tree",
    isFor: ["lab", "node", "replay"],
  },
  {
    title: "Cut the network",
    words:
      "Draw a line around some nodes and cut them off. Each part of the network extends its own " +
      "branch: the chain forks. Heal the network: all nodes change to the branch with more work.",
    panel: "graph",
    isFor: ["lab"],
  },
  {
    title: "Go back in time",
    words:
      "Pause, step, or drag the timeline back: all panels show that moment. LIVE returns to the " +
      "present. Press ? for the list of keys.",
    panel: "timeline",
    isFor: ["lab", "node", "replay"],
  },
  {
    title: "Run a double-spend attack",
    words:
      "Mallory pays the shop, receives the goods, and reverses the payment with a branch of her " +
      "own. With 60 % of the hash power she almost always succeeds. It takes about a minute.",
    panel: "side",
    isFor: ["lab"],
  },
];

/** The number of the card shown; null once they were closed, until they are opened again. */
const shown = signal<number | null>(recall("coach") === "closed" ? null : 0);

function close(): void {
  shown.value = null;
  remember("coach", "closed");
}

export function CoachCards() {
  const { kind } = useDashboard();
  const own = cards.filter(({ isFor }) => isFor.includes(kind));
  const card = shown.value === null ? undefined : own[shown.value];
  usePointer(card?.panel ?? null);
  if (card === undefined || shown.value === null) return null;
  return <OpenCard card={card} number={shown.value} count={own.length} />;
}

/** Shows them again; the projector view has no place for them. */
export function FirstStepsButton() {
  const { look } = useDashboard();
  if (look.value === "board") return null;
  return (
    <button
      type="button"
      aria-label="First steps"
      title="First steps: what to click"
      aria-pressed={shown.value !== null}
      onClick={() => (shown.value === null ? (shown.value = 0) : close())}
    >
      ?
    </button>
  );
}

/** The root element names the panel, and coach-cards.css draws its outline. */
function usePointer(panel: Card["panel"] | null): void {
  useEffect(() => {
    if (panel === null) return undefined;
    const { dataset } = document.documentElement;
    dataset["coach"] = panel;
    document.querySelector(`.page > .${panel}`)?.scrollIntoView({ block: "nearest" });
    return () => {
      delete dataset["coach"];
    };
  }, [panel]);
}

type OpenProps = { readonly card: Card; readonly number: number; readonly count: number };

function OpenCard({ card: { title, words, panel }, number, count }: OpenProps) {
  const go = (to: number): void => {
    shown.value = Math.min(count - 1, Math.max(0, to));
  };
  const listen = (event: KeyboardEvent): void => {
    const act = {
      ArrowLeft: () => go(number - 1),
      ArrowRight: () => go(number + 1),
      Escape: close,
    }[event.key];
    if (act === undefined) return;
    event.preventDefault(); // the arrows would also step along the timeline
    act();
  };
  return (
    <section class="coach-card" tabIndex={0} aria-label="First steps" onKeyDown={listen}>
      <header>
        <h2>{title}</h2>
        <span class="small muted number">
          {number + 1} of {count}
        </span>
        <button
          type="button"
          aria-label="Close the first steps"
          title="Do not show them again (Esc)"
          onClick={close}
        >
          ✕
        </button>
      </header>
      <p aria-live="polite">{words}</p>
      <div class="row">
        <button type="button" disabled={number === 0} onClick={() => go(number - 1)}>
          ← Back
        </button>
        {panel === "side" && <OpenAttack />}
        {number < count - 1 ? (
          <button type="button" class="primary" onClick={() => go(number + 1)}>
            Next →
          </button>
        ) : (
          panel !== "side" && (
            <button type="button" class="primary" onClick={close}>
              Done
            </button>
          )
        )}
      </div>
    </section>
  );
}

/** Plans the attack of the last card, and closes the cards. */
function OpenAttack() {
  const { tab } = useDashboard();
  const open = () => {
    plan.value = guidedPlan;
    tab.value = "attack";
    close();
    document.getElementById("tab-attack")?.focus();
  };
  return (
    <button type="button" class="primary" onClick={open}>
      Open the attack
    </button>
  );
}
