/** Addresses that can never work are refused at the start, each with what is wrong with it. */

import { describe, expect, test } from "vitest";
import { describeDialError, describeListenError } from "../../../src/io/p2p/connect-problem.ts";
import { findDialFault, findListenFault } from "../../../src/io/p2p/tcp-address.ts";

const local = "/ip4/127.0.0.1";
const peer = "/p2p/12D3KooWMiTpYRZhvzhoTRn7LjsVKGDxnfurvmVHKjq4bbgm9JJv";

describe("addresses to connect to", () => {
  test.each([
    `${local}/tcp/8478`,
    `${local}/tcp/8478${peer}`,
    "/ip6/::1/tcp/1",
    "/dns4/example.org/tcp/80",
    "/dnsaddr/example.org",
  ])("%s may work", (address) => {
    expect(findDialFault(address)).toBeUndefined();
  });

  test.each([
    [`${local}/tcp/8478/ws`, "plain TCP, without /ws"],
    [`${local}`, "it names no port"],
    [`${local}/tcp/0`, "port 0 is no port to connect to"],
    [`${local}/udp/8478/quic-v1`, "powlab uses TCP only, not /udp"],
    ["/unix/tmp", "it begins with /unix"],
    [`${local}/tcp/99999`, "an address looks like"],
    ["127.0.0.1:8478", "an address looks like"],
    ["", "an address looks like"],
  ])("%s cannot work: %s", (address, why) => {
    expect(findDialFault(address)).toContain(why);
    expect(findDialFault(address)).toContain("/ip4/127.0.0.1/tcp/8478");
  });
});

describe("addresses to listen on", () => {
  test.each([`${local}/tcp/0`, "/ip6/::1/tcp/8478", "/dns4/localhost/tcp/0"])(
    "%s may work",
    (address) => {
      expect(findListenFault(address)).toBeUndefined();
    },
  );

  test.each([
    [`${local}/tcp/0/ws`, "plain TCP, without /ws"],
    [`${local}/udp/0/quic-v1`, "powlab uses TCP only, not /udp"],
    [`${local}/tcp/0${peer}`, "a node listens under its own identity"],
    [local, "it names no port"],
  ])("%s cannot work: %s", (address, why) => {
    expect(findListenFault(address)).toContain(why);
  });
});

describe("what libp2p and the system say, in words", () => {
  test.each([
    ["connection error 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9", "no node listens there"],
    ["getaddrinfo ENOTFOUND nope.invalid", "there is no host of this name"],
    ["connect EHOSTUNREACH 10.0.0.1:9", "this machine has no route to it"],
    ["TimeoutError: The operation was aborted due to timeout", "no answer in time"],
    ["EncryptionFailedError: Unexpected EOF", "is no libp2p node"],
    ["InvalidPeerIdError: Can not dial self", "this node's own identity"],
    ["DialDeniedError: denied", "cut off or banned"],
    ["first line\nsecond line", "first line"],
  ])("%s", (text, words) => {
    const said = describeDialError(new Error(text));
    expect(said).toContain(words);
    expect(said).not.toMatch(/[A-Z]{5,}|\.$|\n/);
  });

  test("another identity than expected names both", () => {
    const said = describeDialError(
      new Error("Payload identity key Qa does not match expected remote identity key Qb"),
    );
    expect(said).toContain("the peer there is Qa, not Qb");
  });

  test.each([
    ["listen EADDRINUSE: address already in use", "the port is taken"],
    ["listen EACCES: permission denied", "this user may not open the port"],
    ["UnsupportedListenAddressesError: Some configured", "this machine does not have the address"],
  ])("%s", (text, words) => {
    expect(describeListenError(new Error(text))).toContain(words);
  });
});
