/** Everything known of a node at the moment shown. */

import { esploraRoutes, ownRoutes } from "../../../contract/node-api.ts";
import { coinsOf, counted } from "../../../primitives/figures.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { shownTip } from "../../story/shown-tip.ts";
import { standingsIn } from "../../story/standing.ts";
import type { StoryNode } from "../../story/story.ts";
import { countText, percentText } from "../elements/figure-text.ts";
import { BlockLink, NodeLinks, TransactionLink } from "../elements/name-link.tsx";
import { viewerOf } from "../elements/viewpoint.ts";
import { apiUrlOf } from "./api-url.ts";
import { Fact, Facts, LongText } from "./facts.tsx";
import { NotYet } from "./not-yet.tsx";
import { CurlLine, RawJson } from "./raw-json.tsx";

/** As many as fit without scrolling for long. */
const waitingShownMax = 20;

export function NodeCard({ name }: { readonly name: string }) {
  const { playback, perspective, kind } = useDashboard();
  const { story } = playback.moment.value;
  const node = story.node(name);
  if (node === undefined) return <NotYet what="node" />;
  const viewer = viewerOf(perspective.value);
  const tip = shownTip(story, standingsIn(story), node, viewer);
  const url = apiUrlOf(node);
  return (
    <>
      <p class={`inspector-state ${node.state === "up" ? "good" : "bad"}`}>{stateWords(node)}</p>
      <SeeAs name={name} />
      <Facts>
        <Fact name="role">{roleWords(node)}</Fact>
        {tip !== null && (
          <Fact name="tip" meaning="The last block of the branch it follows">
            <BlockLink hash={tip.hash} />
          </Fact>
        )}
        <Fact name="peers">
          {node.peers.size === 0 ? "none" : <NodeLinks names={[...node.peers]} />}
        </Fact>
        <Mining node={node} share={story.shares[name]} />
        {node.address !== null && (
          <Fact name="address" meaning="Of its wallet: it receives its rewards and payments">
            <LongText text={node.address} name="the address" />
          </Fact>
        )}
        {node.peerId !== null && (
          <Fact
            name="peer id"
            meaning="Derived from its public key: it identifies the node in the network"
          >
            <LongText text={node.peerId} name="the peer id" />
          </Fact>
        )}
        {url !== null && (
          <Fact name="API">
            <LongText text={url} name="the API's address" />
          </Fact>
        )}
      </Facts>
      {(viewer === null || viewer === name) && <Waiting node={node} />}
      {kind !== "replay" && <ApiExamples name={name} />}
      <RawJson node={name} path={ownRoutes.node.path} edition={node.tip} />
    </>
  );
}

function ApiExamples({ name }: { readonly name: string }) {
  return (
    <section>
      <h3>Try the API</h3>
      {[esploraRoutes.blocks, esploraRoutes.mempool, ownRoutes.peers].map(({ path }) => (
        <CurlLine key={path} node={name} path={path} />
      ))}
    </section>
  );
}

function stateWords({ name, state }: StoryNode): string {
  switch (state) {
    case "starting":
      return `${name} is starting.`;
    case "up":
      return `${name} is running.`;
    case "down":
      return `${name} has crashed. It can be restarted.`;
    case "failed":
      return `${name} has failed.`;
    default:
      return unreachable(state);
  }
}

function roleWords({ role }: StoryNode): string {
  switch (role) {
    case "miner":
      return "miner: mines blocks";
    case "shop":
      return "shop: receives payments and waits for confirmations";
    case "observer":
      return "observer: relays, does not mine";
    default:
      return unreachable(role);
  }
}

function SeeAs({ name }: { readonly name: string }) {
  const { perspective, kind } = useDashboard();
  if (kind === "node") return null;
  const isViewer = perspective.value !== "everybody" && perspective.value.node === name;
  const toggle = () => {
    perspective.value = isViewer ? "everybody" : { node: name };
  };
  return (
    <button type="button" aria-pressed={isViewer} onClick={toggle}>
      {isViewer ? "See what all nodes know" : `See as ${name}: only what it knows`}
    </button>
  );
}

type MiningProps = { readonly node: StoryNode; readonly share: number | undefined };

function Mining({ node: { state, measurement }, share }: MiningProps) {
  if (share === undefined && (measurement === null || measurement.hashes === 0)) return null;
  const rate =
    measurement === null ? "not measured yet" : `${countText(measurement.hashesPerSecond)} H/s`;
  return (
    <Fact name="mining">
      {share !== undefined && <span>{percentText(share)} of the hash power</span>}
      <span class="muted">{state === "up" ? rate : "while it is running"}</span>
    </Fact>
  );
}

function Waiting({ node: { waiting, measurement } }: { readonly node: StoryNode }) {
  const shown = [...waiting].slice(0, waitingShownMax);
  const fees = measurement?.mempool.fees ?? 0;
  return (
    <section>
      <h3>Mempool: {counted(waiting.size, "transaction")}</h3>
      {fees > 0 && waiting.size > 0 && <p class="muted">Total fees: {coinsOf(fees)}.</p>}
      <ul class="inspector-list inspector-columns">
        {shown.map((txid) => (
          <li key={txid}>
            <TransactionLink txid={txid} />
          </li>
        ))}
      </ul>
      {waiting.size > shown.length && <p class="muted">and {waiting.size - shown.length} more</p>}
    </section>
  );
}
