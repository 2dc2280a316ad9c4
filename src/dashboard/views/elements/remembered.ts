/** A text that was typed in, kept in the browser for the next visit. */

import { useState } from "preact/hooks";
import { recall, remember } from "../../state/memory.ts";

/** The text, and how to change it; where nothing may be kept, it lasts as long as the view. */
export function useRemembered(
  name: string,
  initial: string,
): readonly [text: string, set: (text: string) => void] {
  const [text, setText] = useState(() => recall(name) ?? initial);
  const set = (next: string) => {
    setText(next);
    remember(name, next);
  };
  return [text, set];
}
