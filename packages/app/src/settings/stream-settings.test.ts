import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { parseSettings } from "./read-settings.ts";

function streamsOf(text: string) {
  return parseSettings(`trial:\n  streams:\n${text}`, "seaworthy.yaml", "/repo").trial.streams;
}

test("streams are read with their headers and how many there are", () => {
  const read = streamsOf(`
    - { kind: sse, path: "/events?since=1" }
    - kind: websocket
      path: /ws
      headers: { origin: https://news.example }
      connections: 24
`);
  assert.deepEqual(
    read?.map(({ place, ...stream }) => ({ ...stream, line: place?.line })),
    [
      { kind: "sse", path: "/events?since=1", connections: 8, line: 4 },
      {
        kind: "websocket",
        path: "/ws",
        headers: [["origin", "https://news.example"]],
        connections: 24,
        line: 5,
      },
    ],
  );
});

test("a stream of gRPC is told by its method, with a message", () => {
  const [only] = streamsOf("    - { grpc: shop.Carts/Watch, message: Bw==, connections: 3 }\n") ?? [];
  const { kind, path, body, connections } = only ?? {};
  assert.deepEqual([kind, path, connections], ["grpc", "/shop.Carts/Watch", 3]);
  assert.deepEqual(body, Buffer.from([0, 0, 0, 0, 1, 7]));
});

for (const [text, code, line, says] of [
  ["    []\n", "SW1105", 3, /list of 1 to 20/],
  ["    - { path: /events }\n", "SW1105", 3, /must be sse or websocket/],
  ["    - { kind: grpc, path: /events }\n", "SW1105", 3, /must be sse or websocket/],
  ["    - { grpc: /shop.Carts/Watch }\n", "SW1105", 3, /not the name of a method/],
  ["    - { grpc: shop.Carts/Watch, path: / }\n", "SW1103", 3, /unknown setting/],
  ["    - { kind: sse }\n", "SW1110", 3, /has no path/],
  ["    - { kind: sse, path: events }\n", "SW1105", 3, /must begin with \//],
  ["    - kind: sse\n      path: /e\n      connections: 0\n", "SW1105", 5, /whole number from 1 to 200/],
  ["    - kind: sse\n      path: /e\n      weight: 2\n", "SW1103", 5, /unknown setting/],
  ["    - kind: sse\n      path: /e\n      headers: { upgrade: x }\n", "SW1105", 5, /cannot set upgrade/],
] as const)
  test(`bad streams: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => streamsOf(text),
      (error: unknown) => {
        assert.ok(error instanceof SeaworthyError);
        assert.deepEqual([error.code, error.details.place?.line], [code, line]);
        assert.match(error.message, says);
        return true;
      },
    );
  });
