/** The wallet file: a wallet's words, encrypted with a password. */

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { access, link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { z } from "zod";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const KEY_SIZE_BYTES = 32;
const SALT_SIZE_BYTES = 16;
/** @see NIST SP 800-38D, 8.2.1 */
const NONCE_SIZE_BYTES = 12;

/** scrypt's work: 128 MiB and about half a second, as OWASP advises for passwords. */
const COST = 2 ** 17;
/** Without a password there is nothing to guess, so nothing to slow down. */
const COST_WITHOUT_PASSWORD = 2 ** 10;
/** A file from elsewhere must not make us take all memory. */
const COST_MAX = 2 ** 20;
const BLOCK_SIZE = 8;

const HEX = z.string().regex(/^(?:[0-9a-f]{2})+$/);

const FORMAT = z.object({
  format: z.literal("powlab-wallet"),
  version: z.literal(1),
  network: z.string(),
  isProtected: z.boolean(),
  scrypt: z.object({ cost: z.int().min(2).max(COST_MAX), salt: HEX }),
  /** AES-256-GCM; what stands above is authenticated with it. */
  cipher: z.object({ nonce: HEX, tag: HEX, text: HEX }),
});

type Format = z.infer<typeof FORMAT>;

export type WalletFileFault = "exists" | "absent" | "wrong-password" | "malformed";

/** The message says what to do; `fault` is for programs. */
export class WalletFileError extends Error {
  readonly fault: WalletFileFault;

  constructor(fault: WalletFileFault, message: string) {
    super(message);
    this.name = "WalletFileError";
    this.fault = fault;
  }
}

export type NewWallet = {
  readonly words: string;
  readonly network: string;
  /** Empty for a wallet that anyone may open who can read the file. */
  readonly password: string;
};

/** What can be said about a wallet file without its password. */
export type WalletSummary = { readonly network: string; readonly isProtected: boolean };

/**
 * Looks whether a wallet may be made here, before anybody is asked for a password.
 *
 * @throws WalletFileError if there is a file already.
 */
export async function requireNoWallet(file: string): Promise<void> {
  try {
    await access(file);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  throw alreadyThere(file);
}

/**
 * Writes a new wallet, readable by its owner only.
 *
 * @throws WalletFileError if there is a file already; it then stays as it is.
 */
export async function createWalletFile(file: string, wallet: NewWallet): Promise<void> {
  const content = JSON.stringify(await encrypt(wallet), undefined, 2);
  await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${content}\n`, { mode: FILE_MODE, flag: "wx", flush: true });
  try {
    // A rename would replace a wallet that is there; a link refuses to.
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    throw alreadyThere(file);
  } finally {
    await unlink(draft);
  }
}

/** @throws WalletFileError if the file is absent or no wallet. */
export async function readWalletSummary(file: string): Promise<WalletSummary> {
  const { network, isProtected } = await read(file);
  return { network, isProtected };
}

/**
 * The words of a wallet.
 *
 * @throws WalletFileError if the file is absent or no wallet, or the password is wrong.
 */
export async function openWalletFile(file: string, password: string): Promise<string> {
  const format = await read(file);
  const { nonce, tag, text } = format.cipher;
  const key = await deriveKey(password, fromHex(format.scrypt.salt), format.scrypt.cost);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, fromHex(nonce));
    decipher.setAAD(authenticated(format)).setAuthTag(fromHex(tag));
    return decipher.update(text, "hex", "utf8") + decipher.final("utf8");
  } catch {
    throw new WalletFileError(
      "wrong-password",
      `The password does not open ${file}: it is wrong, or the file is damaged.`,
    );
  }
}

async function encrypt({ words, network, password }: NewWallet): Promise<Format> {
  const isProtected = password !== "";
  const cost = isProtected ? COST : COST_WITHOUT_PASSWORD;
  const salt = randomBytes(SALT_SIZE_BYTES);
  const head = {
    format: "powlab-wallet",
    version: 1,
    network,
    isProtected,
    scrypt: { cost, salt: salt.toString("hex") },
  } as const;
  const nonce = randomBytes(NONCE_SIZE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", await deriveKey(password, salt, cost), nonce);
  cipher.setAAD(authenticated(head));
  const text = cipher.update(words, "utf8", "hex") + cipher.final("hex");
  const tag = cipher.getAuthTag().toString("hex");
  return { ...head, cipher: { nonce: nonce.toString("hex"), tag, text } };
}

/** What an attacker must not change, though it is not secret. */
function authenticated({ format, version, network, isProtected }: Omit<Format, "cipher">): Buffer {
  return Buffer.from(JSON.stringify([format, version, network, isProtected]));
}

function deriveKey(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  // The same characters may be typed as different bytes: NFKC makes them one.
  const options = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 256 * cost * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_SIZE_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

async function read(file: string): Promise<Format> {
  const text = await readText(file);
  try {
    return FORMAT.parse(JSON.parse(text));
  } catch {
    throw new WalletFileError("malformed", `${file} is not a wallet of this version of powlab.`);
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    throw new WalletFileError("absent", `There is no wallet at ${file}.`);
  }
}

function alreadyThere(file: string): WalletFileError {
  return new WalletFileError("exists", `There is a wallet already at ${file}: it is kept.`);
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
