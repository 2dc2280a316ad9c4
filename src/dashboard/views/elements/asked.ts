/** Requests to a node's REST API by a view that is shown. */

import { useEffect, useState } from "preact/hooks";
import { useDashboard } from "../../state/dashboard.ts";
import type { Story } from "../../story/story.ts";

export type Asked =
  /** No node can be asked: a recording, or a lab that has ended. */
  | { readonly state: "unavailable" }
  | { readonly state: "asking" }
  | { readonly state: "answered"; readonly value: unknown }
  | { readonly state: "failed"; readonly problem: string };

/**
 * The answer to this path; the last one stays until the next has come.
 *
 * @param node null if there is none to ask.
 * @param path null if nothing is to be asked now.
 * @param edition asks again whenever it changes.
 */
export function useAsked(node: string | null, path: string | null, edition: unknown = null): Asked {
  const { ask, kind, connection } = useDashboard();
  const canAsk = kind !== "replay" && connection.value.state === "open";
  const question = node === null || path === null || !canAsk ? null : `${node} ${path}`;
  const [known, setKnown] = useState<{ question: string; asked: Asked } | null>(null);
  useEffect(() => {
    if (question === null || node === null || path === null) return undefined;
    let isWanted = true;
    void ask(node, path).then((answer) => {
      if (!isWanted) return;
      const asked: Asked = answer.ok
        ? { state: "answered", value: answer.value }
        : { state: "failed", problem: answer.problem };
      setKnown({ question, asked });
    });
    return () => {
      isWanted = false;
    };
  }, [question, edition]);
  if (question === null) return { state: "unavailable" };
  return known?.question === question ? known.asked : { state: "asking" };
}

/** Reads the answer, if there is one. */
export function factsOf<T>(asked: Asked, read: (json: unknown) => T | null): T | null {
  return asked.state === "answered" ? read(asked.value) : null;
}

/** The node to ask about something: the first of these that is up, or else any that is. */
export function nodeToAsk(story: Story, names: readonly string[]): string | null {
  const isUp = (name: string) => story.node(name)?.state === "up";
  return names.find(isUp) ?? story.nodes.find(({ state }) => state === "up")?.name ?? null;
}
