/** The answer of a node's REST API as it is, and the curl command that asks for it. */

import { useState } from "preact/hooks";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { type Asked, useAsked } from "../elements/asked.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { apiUrlOf } from "./api-url.ts";

type RawJsonProps = {
  /** Null if no node can be asked. */
  readonly node: string | null;
  readonly path: string;
  readonly edition?: unknown;
};

export function RawJson({ node, path, edition }: RawJsonProps) {
  const [isOpen, setOpen] = useState(false);
  const asked = useAsked(node, isOpen ? path : null, edition);
  return (
    <details class="inspector-raw" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Raw JSON and curl</summary>
      <CurlLine node={node} path={path} />
      {isOpen && <AnswerText asked={asked} />}
    </details>
  );
}

export function CurlLine({ node, path }: { readonly node: string | null; readonly path: string }) {
  const { playback } = useDashboard();
  const asked = node === null ? undefined : playback.moment.value.story.node(node);
  const url = asked === undefined ? null : apiUrlOf(asked);
  if (url === null) return null;
  const line = `curl -s ${url}${path}`;
  return (
    <div class="inspector-curl">
      <code title={line}>{line}</code>
      <CopyButton text={line} name="the curl command" />
    </div>
  );
}

function AnswerText({ asked }: { readonly asked: Asked }) {
  switch (asked.state) {
    case "unavailable":
      return (
        <p class="muted">No node can be asked: this is a recording, or the lab has stopped.</p>
      );
    case "asking":
      return <p class="muted">Loading…</p>;
    case "failed":
      return <p class="bad">{asked.problem}</p>;
    case "answered": {
      const text = JSON.stringify(asked.value, null, 2);
      return (
        <div class="inspector-json">
          <CopyButton text={text} name="the JSON" />
          <pre tabIndex={0}>{text}</pre>
        </div>
      );
    }
    default:
      return unreachable(asked);
  }
}
