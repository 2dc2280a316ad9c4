/** A panel of the page with its title; an error in one leaves the others as they are. */

import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";

type Props = {
  /** Its place in the grid. */
  readonly area: "graph" | "tree" | "timeline" | "side" | "diagram";
  readonly title: string;
  /** Whether the title is shown, or only read by screen readers. */
  readonly caption?: "shown" | "spoken";
  readonly children: ComponentChildren;
};

export function Panel({ area, title, caption = "shown", children }: Props) {
  return (
    <section class={`panel ${area}`} aria-labelledby={`${area}-title`}>
      <h2 id={`${area}-title`} class={caption === "shown" ? "panel-title" : "visually-hidden"}>
        {title}
      </h2>
      <ErrorBoundary>{children}</ErrorBoundary>
    </section>
  );
}

function ErrorBoundary({ children }: { readonly children: ComponentChildren }) {
  const boundary = useErrorBoundary((error) => console.error(error));
  const error: unknown = boundary[0];
  const tryAgain = boundary[1];
  if (error === undefined) return <>{children}</>;
  return (
    <div class="panel-body stack" role="alert">
      <p class="bad">This panel failed: an error in the page, not in the lab.</p>
      {error instanceof Error && <p class="mono small">{error.message}</p>}
      <button type="button" onClick={tryAgain}>
        Try again
      </button>
    </div>
  );
}
