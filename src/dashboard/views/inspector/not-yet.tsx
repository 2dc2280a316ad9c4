/** What is selected does not exist yet at the moment shown, or the viewer does not know it. */

import { useDashboard } from "../../state/dashboard.ts";

export function NotYet({ what }: { readonly what: "block" | "transaction" | "node" }) {
  const { perspective, playback } = useDashboard();
  const viewer = perspective.value;
  if (viewer !== "everybody") {
    return (
      <div class="stack">
        <p>
          {viewer.node} does not know this {what} at the moment shown.
        </p>
        <button type="button" onClick={() => (perspective.value = "everybody")}>
          See what all nodes know
        </button>
      </div>
    );
  }
  return (
    <div class="stack">
      <p>This {what} is not known at the moment shown.</p>
      {!playback.moment.value.isLive && (
        <button type="button" onClick={() => playback.goLive()}>
          Go to the newest moment
        </button>
      )}
    </div>
  );
}
