/** First steps: four cards, each of which points at the panel it speaks of. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useDashboard, type Dashboard } from "../dashboard.ts";
import { recall, remember } from "../memory.ts";
import { guidedPlan } from "../story/attack-plan.ts";
import { plan } from "./attack/plan.ts";
import "./coach-cards.css";

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
      "A block is a page of payments with work on it, and it stands on the one before. " +
      "Click one: what it holds, and who saw it when, comes up under Inspector.",
    panel: "tree",
    isFor: ["lab", "node", "replay"],
  },
  {
    title: "Cut the network",
    words:
      "Drag a loop around some nodes and cut them off. Each side goes on by itself: the tree " +
      "forks. Heal it, and the side with more work wins.",
    panel: "graph",
    isFor: ["lab"],
  },
  {
    title: "Go back in time",
    words:
      "Pause, step, or drag the timeline back: all panels show that moment. Then come back to " +
      "what happens now. There are keys for it: press ? for the list.",
    panel: "timeline",
    isFor: ["lab", "node", "replay"],
  },
  {
    title: "Now steal a coffee machine",
    words:
      "Mallory pays the shop, gets the goods, and takes the payment back. With 60 % of the hash " +
      "power she hardly ever fails. It takes less than a minute.",
    panel: "side",
    isFor: ["lab"],
  },
];

/** Null once they were closed: for ever, or until somebody asks. */
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

/** Shows them again; the board has no place for them. */
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

/** page.css and the panels know nothing of it: the root says what is pointed at. */
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
    event.preventDefault(); // else the arrows step through time, too
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
          title="Close for good (Esc)"
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

/** With it the first steps have been made. */
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
