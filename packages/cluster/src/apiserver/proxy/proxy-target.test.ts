import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { pathParts } from "../path-parts.ts";
import { pathBelow, splitTarget } from "./proxy-target.ts";

test("a name may have a port, and a scheme before it", () => {
  assert.deepEqual(splitTarget("one"), { isTls: false, name: "one", port: "" });
  assert.deepEqual(splitTarget("one:8080"), { isTls: false, name: "one", port: "8080" });
  assert.deepEqual(splitTarget("one:"), { isTls: false, name: "one", port: "" });
  assert.deepEqual(splitTarget(":one:8080"), { isTls: false, name: "one", port: "8080" });
  assert.deepEqual(splitTarget("http:one:web"), { isTls: false, name: "one", port: "web" });
  assert.deepEqual(splitTarget("https:one:"), { isTls: true, name: "one", port: "" });
  for (const id of ["", ":8080", "ftp:one:80", "http::80", "http:one:80:1"])
    assert.equal(splitTarget(id), undefined, id);
});

test("the path below is cleaned as a real API server cleans it", () => {
  const cases: readonly [path: string, below: string][] = [
    ["", "/"],
    ["/", "/"],
    ["/a%2Fb%20c", "/a/b%20c"],
    ["//a//b/", "/a/b/"],
    ["/a/../b", "/b"],
    ["/../../etc", "/etc"],
    ["/%2e%2e/x", "/x"],
    ["/a%3Fb%23c", "/a%3Fb%23c"],
  ];
  for (const [path, below] of cases)
    assert.equal(pathBelow(pathParts(path) ?? [], { path: `/proxy${path}` }), below, path);
});

test("no path leads above the proxy, or can begin a query", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (below) => {
      const path = pathBelow(
        below.filter((part) => part.isWellFormed()),
        { path: "/proxy" },
      );
      assert.ok(path.startsWith("/") && !/[?#\s]/.test(path), path);
      assert.ok(!path.split("/").includes(".."), path);
    }),
  );
});
