/** Something is selected that is not there at the moment shown, or not to be seen from there. */

import { useDashboard } from "../../state/dashboard.ts";

export function NotYet({ what }: { readonly what: "block" | "transaction" | "node" }) {
  const { perspective, playback } = useDashboard();
  const viewer = perspective.value;
  if (viewer !== "everybody") {
    return (
      <div class="stack">
        <p>
          {viewer.node} does not know this {what} at this moment.
        </p>
        <button type="button" onClick={() => (perspective.value = "everybody")}>
          See what everybody knows
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
