/** What happened last, in a sentence above the picture. */

import type { RunRecord } from "../../simulator/run-record.ts";
import { entryOf } from "../run/moment.ts";
import { secondsText } from "../run/words.ts";
import { useProtocolPage } from "../state/protocol-page.ts";

export function Sentence({ record }: { readonly record: RunRecord }) {
  const { moment, isPlaying } = useProtocolPage();
  const entry = entryOf(record, moment.value);
  return (
    <p class="sentence" role="status" aria-live={isPlaying.value ? "off" : "polite"}>
      {entry === undefined ? (
        "Nothing has happened yet."
      ) : (
        <>
          <time>{secondsText(entry.atMs)}</time> <span>{entry.text}.</span>
        </>
      )}
    </p>
  );
}
