import assert from "node:assert/strict";
import { test } from "node:test";
import { SetTrie } from "./set-trie.ts";

test("a list is known by its items and their order", () => {
  const trie = new SetTrie<object, string>();
  const [one, two] = [{}, {}];
  assert.equal(
    trie.of([one, two], () => "first"),
    "first",
  );
  assert.equal(
    trie.of([one, two], () => "again"),
    "first",
  );
  assert.equal(
    trie.of([two, one], () => "other"),
    "other",
  );
  assert.equal(
    trie.of([one], () => "shorter"),
    "shorter",
  );
});

test("it begins anew when there is too much to remember", () => {
  const trie = new SetTrie<number, number>(10);
  let made = 0;
  const make = () => (made += 1);
  assert.equal(trie.of([0], make), 1);
  for (let item = 1; item <= 10; item += 1) trie.of([item], make);
  assert.equal(trie.of([0], make), 12);
});
