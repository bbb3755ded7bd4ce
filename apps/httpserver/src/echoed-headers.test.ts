import assert from "node:assert/strict";
import { test } from "node:test";
import { echoedHeaders } from "./echoed-headers.ts";

test("headers of the connection, the body, credentials and a browser's rules are not echoed", () => {
  const echoed = echoedHeaders({
    accept: "*/*",
    connection: "keep-alive, X-Hop",
    "x-hop": "1",
    host: "a",
    "content-length": "3",
    "content-encoding": "gzip",
    "transfer-encoding": "chunked",
    authorization: "Bearer x",
    "access-control-allow-origin": "*",
    "x-trace": "t",
  });
  assert.deepEqual(echoed, [
    ["accept", "*/*"],
    ["x-trace", "t"],
  ]);
});
