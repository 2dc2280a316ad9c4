/** Everything known of a node at the moment shown. */

import { esploraRoutes, ownRoutes } from "../../../contract/node-api.ts";
import { coinsOf, counted } from "../../../primitives/figures.ts";
import { useDashboard } from "../../dashboard.ts";
import { shownTip } from "../../story/shown-tip.ts";
import type { StoryNode } from "../../story/story.ts";
import { standingsIn } from "../../story/standing.ts";
import { countText, percentText } from "../figure-text.ts";
import { apiUrlOf } from "./api-url.ts";
import { Fact, Facts, LongText } from "./facts.tsx";
import { BlockLink, NodeLinks, TransactionLink } from "./name-link.tsx";
import { NotYet } from "./not-yet.tsx";
import { CurlLine, RawJson } from "./raw-json.tsx";
import { viewerOf } from "./viewpoint.ts";

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
          <Fact name="address" meaning="Where its purse is paid">
            <LongText text={node.address} name="the address" />
          </Fact>
        )}
        {node.peerId !== null && (
          <Fact name="peer id" meaning="Its name in the network: a public key">
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
      {kind !== "replay" && <AskItYourself name={name} />}
      <RawJson node={name} path={ownRoutes.node.path} edition={node.tip} />
    </>
  );
}

function AskItYourself({ name }: { readonly name: string }) {
  return (
    <section>
      <h3>Ask it yourself</h3>
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
      return `${name} is up.`;
    case "down":
      return `${name} was crashed. It can be restarted.`;
    case "failed":
      return `${name} has failed.`;
  }
}

function roleWords({ role }: StoryNode): string {
  switch (role) {
    case "miner":
      return "miner: looks for blocks";
    case "shop":
      return "shop: is paid and waits for confirmations";
    case "observer":
      return "observer: only watches";
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
      {isViewer ? "See what everybody knows" : `See as ${name}: only what it knows`}
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
      <span class="muted">{state === "up" ? rate : "when it is up"}</span>
    </Fact>
  );
}

function Waiting({ node: { waiting, measurement } }: { readonly node: StoryNode }) {
  const shown = [...waiting].slice(0, waitingShownMax);
  const fees = measurement?.mempool.fees ?? 0;
  return (
    <section>
      <h3>
        {counted(waiting.size, "transaction")} {waiting.size === 1 ? "waits" : "wait"}
      </h3>
      {fees > 0 && waiting.size > 0 && <p class="muted">In fees: {coinsOf(fees)}.</p>}
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
