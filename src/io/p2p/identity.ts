/** A node's identity: the key that proves it, and the text by which others name it. */

import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import {
  privateKeyFromProtobuf,
  privateKeyFromRaw,
  privateKeyToProtobuf,
} from "@libp2p/crypto/keys";
import type { PeerId as Libp2pPeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import type { PeerId } from "../../primitives/brand.ts";
import { equalBytes } from "../../primitives/bytes.ts";

const seedSizeBytes = 32;
/** What stands before the 32 secret bytes in the standard form of a key. @see RFC 8410, section 7 */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Draws a fresh Ed25519 key, protobuf-encoded as libp2p stores keys. Keep it secret. */
export function newIdentity(): Uint8Array {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { d, x } = privateKey.export({ format: "jwk" });
  if (d === undefined || x === undefined) throw new Error("an Ed25519 key came without its bytes");
  const raw = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
  return privateKeyToProtobuf(privateKeyFromRaw(raw));
}

/** Whether `newIdentity` could have made this: an Ed25519 key whose two halves belong together. */
export function isIdentity(bytes: Uint8Array): boolean {
  try {
    const read = privateKeyFromProtobuf(bytes);
    if (read.type !== "Ed25519" || !equalBytes(privateKeyToProtobuf(read), bytes)) return false;
    const { raw } = read;
    const seed = raw.subarray(0, seedSizeBytes);
    const key = createPrivateKey({
      key: Buffer.concat([pkcs8Prefix, seed]),
      format: "der",
      type: "pkcs8",
    });
    const { x } = createPublicKey(key).export({ format: "jwk" });
    return x === Buffer.from(raw.subarray(seedSizeBytes)).toString("base64url");
  } catch {
    return false;
  }
}

/**
 * Names the node that holds this identity.
 *
 * @throws Error if the bytes are not a protobuf-encoded private key.
 */
export function peerIdOf(identity: Uint8Array): PeerId {
  return peerNamed(peerIdFromPrivateKey(privateKeyFromProtobuf(identity)));
}

/** Turns libp2p's object into the text by which the rest of the program knows a peer. */
export function peerNamed(peer: Libp2pPeerId): PeerId {
  return peer.toString() as PeerId;
}
