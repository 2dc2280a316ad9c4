/** The wallet file: a wallet's words, encrypted with a password. */

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { access, link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

const folderMode = 0o700;
const fileMode = 0o600;
const keySizeBytes = 32;
const saltSizeBytes = 16;
/** @see NIST SP 800-38D, 8.2.1 */
const nonceSizeBytes = 12;

/** scrypt's work: 128 MiB and about half a second, as OWASP advises for passwords. */
const costWithPassword = 2 ** 17;
/** Without a password there is nothing to guess, so nothing to slow down. */
const costWithoutPassword = 2 ** 10;
/** A file from elsewhere must not make us allocate all memory. */
const costMax = 2 ** 20;
const blockSize = 8;

const hexText = z.string().regex(/^(?:[0-9a-f]{2})+$/);

const fileShape = z.object({
  format: z.literal("powlab-wallet"),
  version: z.literal(1),
  network: z.string(),
  isProtected: z.boolean(),
  scrypt: z.object({ cost: z.int().min(2).max(costMax), salt: hexText }),
  /** AES-256-GCM; the fields above are its authenticated data. */
  cipher: z.object({ nonce: hexText, tag: hexText, text: hexText }),
});

type Format = z.infer<typeof fileShape>;

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
  /** Empty for a wallet without encryption: anyone who can read the file can open it. */
  readonly password: string;
};

/** What a wallet file shows without its password. */
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
  await mkdir(dirname(file), { recursive: true, mode: folderMode });
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(draft, `${content}\n`, { mode: fileMode, flag: "wx", flush: true });
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
  const cost = isProtected ? costWithPassword : costWithoutPassword;
  const salt = randomBytes(saltSizeBytes);
  const head = {
    format: "powlab-wallet",
    version: 1,
    network,
    isProtected,
    scrypt: { cost, salt: salt.toString("hex") },
  } as const;
  const nonce = randomBytes(nonceSizeBytes);
  const cipher = createCipheriv("aes-256-gcm", await deriveKey(password, salt, cost), nonce);
  cipher.setAAD(authenticated(head));
  const text = cipher.update(words, "utf8", "hex") + cipher.final("hex");
  const tag = cipher.getAuthTag().toString("hex");
  return { ...head, cipher: { nonce: nonce.toString("hex"), tag, text } };
}

/** What is not secret, but must not be changed by others. */
function authenticated({ format, version, network, isProtected }: Omit<Format, "cipher">): Buffer {
  return Buffer.from(JSON.stringify([format, version, network, isProtected]));
}

function deriveKey(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  // The same characters may be typed as different bytes: NFKC makes them one.
  const options = { N: cost, r: blockSize, p: 1, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, keySizeBytes, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

async function read(file: string): Promise<Format> {
  const text = await readText(file);
  try {
    return fileShape.parse(JSON.parse(text));
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
  return new WalletFileError("exists", `There is already a wallet at ${file}; it was not changed.`);
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
