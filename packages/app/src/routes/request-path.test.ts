import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { appPathOf, pathsUnder, type PathRule } from "./request-path.ts";

function rule(pattern: string, pathType: string, rewrite?: string, usesRegex = false): PathRule {
  return { pattern, pathType, rewrite, usesRegex };
}

const appPaths = ["/", "/healthz"];
const cases: readonly [name: string, rule: PathRule, expected: [path: string, appPath: string][]][] = [
  [
    "the root",
    rule("/", "Prefix"),
    [
      ["/", "/"],
      ["/healthz", "/healthz"],
    ],
  ],
  ["a prefix that the app's paths are not below", rule("/api", "Prefix"), [["/api", "/api"]]],
  ["a prefix that is a probe's path", rule("/healthz", "Prefix"), [["/healthz", "/healthz"]]],
  ["an exact path", rule("/login", "Exact"), [["/login", "/login"]]],
  [
    "a prefix of characters",
    rule("/heal", "ImplementationSpecific"),
    [
      ["/heal", "/heal"],
      ["/healthz", "/healthz"],
    ],
  ],
  [
    "all, as ALB writes it",
    rule("/*", "ImplementationSpecific"),
    [
      ["/", "/"],
      ["/healthz", "/healthz"],
    ],
  ],
  [
    "a rewrite of the rest",
    rule("/app(/|$)(.*)", "ImplementationSpecific", "/$2"),
    [
      ["/app/", "/"],
      ["/app/healthz", "/healthz"],
    ],
  ],
  [
    "a rewrite that wants a rest",
    rule("/httpserver/(.+)", "ImplementationSpecific", "/$1"),
    [["/httpserver/healthz", "/healthz"]],
  ],
  [
    "an optional slash",
    rule("/shop/?(.*)", "ImplementationSpecific", "/$1"),
    [
      ["/shop/", "/"],
      ["/shop/healthz", "/healthz"],
    ],
  ],
  ["a rewrite to one path", rule("/old", "Prefix", "/new"), [["/old", "/new"]]],
  ["a rewrite without a slash", rule("/v1/(.*)", "ImplementationSpecific", "api/$1"), [["/v1/", "/api/"]]],
  [
    "a regular expression",
    rule("/(en|de)/.*", "ImplementationSpecific", undefined, true),
    [["/en/", "/en/"]],
  ],
];
for (const [name, each, expected] of cases) {
  test(`paths under ${name}`, () => {
    assert.deepEqual(
      pathsUnder(each, appPaths).map(({ path, appPath }) => [path, appPath]),
      expected,
    );
  });
}

test("where the app has no path that the pattern takes, any path is asked for", () => {
  const paths = pathsUnder(rule("/files/(.+\\.png)", "ImplementationSpecific", "/$1"), ["/"]);
  assert.ok(paths.every(({ path }) => path.startsWith("/files/")));
  assert.deepEqual(pathsUnder(rule("/items/(.+)", "ImplementationSpecific", "/$1"), ["/"]), [
    { path: "/items/seaworthy", appPath: "/seaworthy" },
  ]);
});

test("a query goes along, and is not looked at", () => {
  assert.equal(
    appPathOf(rule("/app(/|$)(.*)", "ImplementationSpecific", "/$2"), "/app/list?page=/2"),
    "/list?page=/2",
  );
  assert.equal(appPathOf(rule("/app", "Exact"), "/app?x"), "/app?x");
  assert.equal(appPathOf(rule("/app", "Prefix"), "/apples"), undefined);
});

test("whatever the pattern, what is offered is a path that the rule takes", () => {
  const piece = fc.constantFrom(
    "/",
    "a",
    "api",
    "(/|$)",
    "(.*)",
    "(.+)",
    "/?",
    "[a-z]",
    "\\d",
    "*",
    ".",
    "$",
    "^",
    "(",
    ")",
    "|",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join("")}`),
      fc.constantFrom("Exact", "Prefix", "ImplementationSpecific"),
      fc.constantFrom(undefined, "/", "/$1", "/$2", "$1"),
      fc.boolean(),
      (pattern, pathType, rewrite, usesRegex) => {
        const each = rule(pattern, pathType, rewrite, usesRegex);
        for (const { path, appPath } of pathsUnder(each, appPaths)) {
          assert.equal(appPathOf(each, path), appPath);
          assert.ok(path.startsWith("/") && appPath.startsWith("/"), `${path} ${appPath}`);
        }
      },
    ),
  );
});
