import { describe, expect, test } from "vitest";
import { type Post, PostOffice } from "../../../src/explorer/engine/post.ts";

/** Messages 10 to 19 are on channel 1, 20 to 29 on channel 2. */
const channelOf = (message: number): number => Math.floor(message / 10);

function sentTo(office: PostOffice, ...messages: readonly number[]): Post {
  return messages.reduce((post, message) => office.send(post, message), [] as Post);
}

/** The messages that can arrive next. */
function nextOf(office: PostOffice, post: Post): readonly number[] {
  return post.filter((_, at) => office.canArrive(post, at));
}

describe("a set", () => {
  const office = new PostOffice("set", channelOf);

  test("holds a message once, and keeps it when it has arrived", () => {
    const post = sentTo(office, 12, 11, 12);
    expect(post).toEqual([11, 12]);
    expect(office.deliver(post, 0)).toEqual([11, 12]);
    expect(nextOf(office, post)).toEqual([11, 12]);
  });
});

describe("a bag", () => {
  const office = new PostOffice("bag", channelOf);

  test("holds a message as often as it was sent, and loses one when it arrives", () => {
    const post = sentTo(office, 12, 11, 12);
    expect(post).toEqual([11, 12, 12]);
    expect(office.deliver(post, 1)).toEqual([11, 12]);
  });

  test("does not distinguish equal messages", () => {
    expect(nextOf(office, sentTo(office, 12, 11, 12))).toEqual([11, 12]);
  });

  test("is the same whatever was sent first", () => {
    expect(sentTo(office, 20, 11, 15)).toEqual(sentTo(office, 15, 20, 11));
  });
});

describe("a fifo", () => {
  const office = new PostOffice("fifo", channelOf);

  test("keeps the order in a channel, and none between channels", () => {
    expect(sentTo(office, 21, 15, 11, 20)).toEqual([15, 11, 21, 20]);
    expect(sentTo(office, 15, 21, 20, 11)).toEqual([15, 11, 21, 20]);
  });

  test("lets only the first of each channel arrive", () => {
    expect(nextOf(office, [15, 11, 21, 20])).toEqual([15, 21]);
  });

  test("holds a message as often as it was sent", () => {
    expect(sentTo(office, 15, 11, 15)).toEqual([15, 11, 15]);
  });
});
