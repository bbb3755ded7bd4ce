import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { rewriteLinks } from "./rewrite-links.ts";

const below = (url: string) => (url.startsWith("/") && !url.startsWith("//") ? `/proxy${url}` : url);

for (const [name, page, wanted] of [
  ["links", '<a class=x href="/a?b">/a</a>', '<a class=x href="/proxy/a?b">/a</a>'],
  ["all forms of them", "<IMG SRC=/a><img src = '/b'/>", "<IMG SRC=/proxy/a><img src = '/proxy/b'/>"],
  ["several of one tag", '<img longdesc="/a" src="/b">', '<img longdesc="/proxy/a" src="/proxy/b">'],
  ["none that lead elsewhere", '<a href="b"><a href="//c">', '<a href="b"><a href="//c">'],
  ["no other attributes", '<a title="/a" data-href="/b">', '<a title="/a" data-href="/b">'],
  ["none of what is no element", "<constructor href=/a>", "<constructor href=/a>"],
  ["none in a comment", '<!-- <a href="/a"> -->', '<!-- <a href="/a"> -->'],
  [
    "that of a script, and none in its text",
    `<script src="/a">x = '<a href="/b">'</script><a href="/c">`,
    `<script src="/proxy/a">x = '<a href="/b">'</script><a href="/proxy/c">`,
  ],
] as const)
  test(`rewrites ${name}`, () => assert.equal(rewriteLinks(page, below), wanted));

test("a page whose links stay as they are is the same letter by letter", () => {
  const words = fc.constantFrom(
    "<",
    ">",
    "<a ",
    "href=",
    '"',
    "'",
    "/x",
    "<!--",
    "-->",
    "<script>",
    "é",
    " ",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
      const page = parts.join("");
      assert.equal(
        rewriteLinks(page, (url) => url),
        page,
      );
    }),
  );
});
