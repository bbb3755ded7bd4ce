import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import * as fc from "fast-check";
import { parseSettings } from "./read-settings.ts";

function requestsOf(text: string) {
  return parseSettings(`trial:\n  requests:\n${text}`, "seaworthy.yaml", "/repo").trial.requests;
}

test("requests are read with their shares, their bodies and what is good for them", () => {
  const read = requestsOf(`
    - path: /orders?page=2
      weight: 8
    - method: post
      path: /orders
      headers: { x-api-version: 2 }
      body: { sku: 7 }
      expect: 201
    - { method: PUT, path: /raw, body: "a=1", expect: [200-299, 409] }
`);
  assert.deepEqual(
    read?.map(({ place, ...request }) => ({ ...request, line: place?.line })),
    [
      { method: "GET", path: "/orders?page=2", weight: 8, line: 4 },
      {
        method: "POST",
        path: "/orders",
        headers: [
          ["x-api-version", "2"],
          ["content-type", "application/json"],
        ],
        body: '{"sku":7}',
        weight: 1,
        status: [[201, 201]],
        line: 6,
      },
      {
        method: "PUT",
        path: "/raw",
        body: "a=1",
        weight: 1,
        status: [
          [200, 299],
          [409, 409],
        ],
        line: 11,
      },
    ],
  );
});

test("a call of gRPC has its method, its message and its codes", () => {
  const read = requestsOf(`
    - { grpc: grpc.health.v1.Health/Check }
    - grpc: shop.Carts/Get
      message: CgE3
      headers: { authorization: Bearer x }
      weight: 3
      expect: [OK, 5]
`);
  const headers = [
    ["te", "trailers"],
    ["content-type", "application/grpc"],
  ];
  assert.deepEqual(
    read?.map((request) => ({ ...request, place: undefined })),
    [
      {
        grpc: true,
        method: "POST",
        path: "/grpc.health.v1.Health/Check",
        headers,
        body: Buffer.alloc(5),
        weight: 1,
        place: undefined,
      },
      {
        grpc: true,
        method: "POST",
        path: "/shop.Carts/Get",
        headers: [...headers, ["authorization", "Bearer x"]],
        body: Buffer.from([0, 0, 0, 0, 3, 10, 1, 0x37]),
        weight: 3,
        status: [
          [0, 0],
          [5, 5],
        ],
        place: undefined,
      },
    ],
  );
});

const bad: readonly [text: string, code: string, line: number, says: RegExp][] = [
  ["    - method: GET\n", "SW1110", 3, /requests\[0\] has no path/],
  ["    - path: orders\n", "SW1105", 3, /must begin with \//],
  ["    - path: /a\n    - path: /b c\n", "SW1105", 4, /without spaces/],
  ["    - { path: /, method: CONNECT }\n", "SW1105", 3, /cannot|can be sent/],
  ["    - path: /\n      wieght: 2\n", "SW1103", 4, /unknown setting trial\.requests\[0\]\.wieght/],
  ["    - path: /\n      weight: 0\n", "SW1105", 4, /whole number from 1 to 1000/],
  ["    - path: /\n      expect: ok\n", "SW1105", 4, /statuses/],
  ["    - path: /\n      headers:\n        host: a\n", "SW1105", 5, /cannot set host/],
  ["    - path: /\n      headers:\n        x: [1]\n", "SW1105", 5, /HTTP can carry/],
  ["    - path: /\n      body: 7\n", "SW1105", 4, /body must be a text/],
  ["    []\n", "SW1105", 3, /list of 1 to 200/],
  ["    - grpc: shop.Carts\n", "SW1105", 3, /name of a method/],
  ["    - grpc:\n", "SW1105", 3, /grpc must be a string/],
  ["    - grpc: a.B/C\n      path: /x\n", "SW1103", 4, /unknown setting/],
  ["    - grpc: a.B/C\n      message: a=b\n", "SW1105", 4, /base64/],
  ["    - grpc: a.B/C\n      expect: 200\n", "SW1105", 4, /codes of gRPC/],
];

for (const [text, code, line, says] of bad) {
  test(`bad requests: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => requestsOf(text),
      (error: unknown) => {
        assert.ok(error instanceof SeaworthyError);
        assert.equal(error.code, code);
        assert.equal(error.details.place?.line, line);
        assert.match(error.message, says);
        return true;
      },
    );
  });
}

test("whatever stands there, it is read or refused with a code", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (json) => {
      try {
        requestsOf(`    ${json}\n`);
      } catch (error) {
        assert.ok(error instanceof SeaworthyError, String(error));
      }
    }),
  );
});
