import assert from "node:assert/strict";
import { test } from "node:test";
import { prefersHtml } from "./prefers-html.ts";

const cases: readonly (readonly [accept: string | undefined, wanted: boolean])[] = [
  ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
  ["text/html", true],
  ["TEXT/HTML", true],
  ["application/json, text/html;q=0.5", false],
  ["text/html;q=0", false],
  ["text/html;q=oops", false],
  ["*/*", false],
  ["application/json", false],
  ["", false],
  [undefined, false],
];

for (const [accept, wanted] of cases) {
  test(`${accept} ${wanted ? "asks" : "does not ask"} for HTML`, () =>
    assert.equal(prefersHtml(accept), wanted));
}
