import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOfPath } from "./kind-of-path.ts";

const kinds: readonly (readonly [path: string, kind: string])[] = [
  ["/", "/"],
  ["/orders", "/orders"],
  ["/orders/7", "/orders/{}"],
  ["/orders/7/items/00012", "/orders/{}/items/{}"],
  ["/users/6f9619ff-8b86-d011-b42d-00c04fc964ff/cart", "/users/{}/cart"],
  ["/o/507f1f77bcf86cd799439011", "/o/{}"],
  ["/assets/app.js", "/assets/app.js"],
  ["/v2/international-shipping", "/v2/international-shipping"],
  ["/search?q=boat&page=2&q=oar", "/search?q&page"],
  ["/search?q=a?b", "/search?q"],
];

for (const [path, kind] of kinds)
  test(`${path} is of the kind ${kind}`, () => assert.equal(kindOfPath(path), kind));
