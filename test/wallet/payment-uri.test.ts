/** Links that ask for a payment, as BIP21 has them. */

import { expect, test } from "vitest";
import { describeUriProblem, parsePaymentRequest } from "../../src/wallet/payment-uri.ts";

const address = "pow1pqqqsyrhsjd";

test.each([
  ["an address alone", address, { address, amount: undefined }],
  ["a link", `bitcoin:${address}`, { address, amount: undefined }],
  ["an amount", `bitcoin:${address}?amount=20.3&label=Luke-Jr`, { address, amount: 2_030_000_000 }],
  [
    "the capitals of a QR code",
    `BITCOIN:${address.toUpperCase()}?AMOUNT=0.5`,
    { address: address.toUpperCase(), amount: 50_000_000 },
  ],
  ["unknown words", `bitcoin:${address}?somethingyoudontunderstand=50`, { address }],
])("%s can be paid", (_, text, request) => {
  const parsed = parsePaymentRequest(text);
  expect(parsed.ok && parsed.value).toMatchObject(request);
});

test.each([
  ["a requirement", "?req-somethingyoudontunderstand=50", /req-somethingyoudont.*must not be paid/],
  ["an amount of no sense", "?amount=50,00", /"50,00" is not an amount/],
  ["satoshis", "?amount=50sat", /"50sat" is not an amount/],
])("%s that we do not understand is refused", (_, query, sentence) => {
  const parsed = parsePaymentRequest(`bitcoin:${address}${query}`);
  if (parsed.ok) throw new Error("accepted");
  expect(describeUriProblem(parsed.problem)).toMatch(sentence);
});
