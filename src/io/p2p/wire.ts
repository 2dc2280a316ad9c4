/**
 * Messages as bytes on the network: which may arrive on which topic or stream, and which are
 * malformed.
 */

import {
  decodeMessage,
  type Gossip,
  type Message,
  type Request,
  type Response,
} from "../../peers/message.ts";
import type { GossipTopic } from "./network.ts";

const responseTypes = {
  "get-status": "status",
  "get-headers": "headers",
  "get-blocks": "blocks",
  "get-mempool": "transactions",
} as const satisfies Record<Request["type"], Response["type"]>;

const topics = {
  block: "block",
  header: "block",
  transactions: "tx",
} as const satisfies Record<Gossip["type"], GossipTopic>;

export function topicOf(message: Gossip): GossipTopic {
  return topics[message.type];
}

/** Undefined if this is no request. */
export function decodeRequest(bytes: Uint8Array): Request | undefined {
  const message = decodeMessage(bytes);
  return message.ok && isRequest(message.value) ? message.value : undefined;
}

/** Undefined if this is no response, or one to another kind of request. */
export function decodeResponse(bytes: Uint8Array, request: Request): Response | undefined {
  const message = decodeMessage(bytes);
  return message.ok && answers(message.value, request) ? message.value : undefined;
}

/** Undefined if this is no gossip, or belongs on another topic. */
export function decodeGossip(bytes: Uint8Array, topic: GossipTopic): Gossip | undefined {
  const message = decodeMessage(bytes);
  return message.ok && isGossipOn(topic, message.value) ? message.value : undefined;
}

function isRequest(message: Message): message is Request {
  return Object.hasOwn(responseTypes, message.type);
}

function answers(message: Message, request: Request): message is Response {
  return message.type === responseTypes[request.type];
}

function isGossipOn(topic: GossipTopic, message: Message): message is Gossip {
  const topicByType: Partial<Record<Message["type"], GossipTopic>> = topics;
  return topicByType[message.type] === topic;
}
