/** A panel of the page with its caption; a mistake in one does not take the others away. */

import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";

type Props = {
  /** Its place in the grid. */
  readonly area: "graph" | "tree" | "timeline" | "side";
  readonly title: string;
  /** Whether the title is shown, or only told to those who do not see the panel. */
  readonly caption?: "shown" | "spoken";
  readonly children: ComponentChildren;
};

export function Panel({ area, title, caption = "shown", children }: Props) {
  return (
    <section class={`panel ${area}`} aria-labelledby={`${area}-title`}>
      <h2 id={`${area}-title`} class={caption === "shown" ? "panel-title" : "visually-hidden"}>
        {title}
      </h2>
      <Fence>{children}</Fence>
    </section>
  );
}

function Fence({ children }: { readonly children: ComponentChildren }) {
  const boundary = useErrorBoundary((mistake) => console.error(mistake));
  const error: unknown = boundary[0];
  const tryAgain = boundary[1];
  if (error === undefined) return <>{children}</>;
  return (
    <div class="panel-body stack" role="alert">
      <p class="bad">This panel failed. That is a mistake of the page, not of the lab.</p>
      {error instanceof Error && <p class="mono small">{error.message}</p>}
      <button type="button" onClick={tryAgain}>
        Show it again
      </button>
    </div>
  );
}
