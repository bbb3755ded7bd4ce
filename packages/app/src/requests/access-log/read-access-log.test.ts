import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNotice } from "@seaworthy/errors";
import { readAccessLog } from "./read-access-log.ts";

const line = (request: string, status = 200, agent = "curl/8") =>
  `10.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "${request} HTTP/1.1" ${status} 1 "-" "${agent}"\n`;

async function* chunksOf(text: string) {
  yield text;
}

const read = (text: string, ...probePaths: string[]) =>
  readAccessLog({ file: "access.log", chunks: chunksOf(text), probePaths: new Set(probePaths) });

test("a log becomes a mix, and each line that is not in it is told of", async () => {
  const { requests, notices } = await read(
    line("GET /").repeat(3) +
      line("HEAD /orders/7") +
      line("POST /orders", 201) +
      line("DELETE /orders/7", 204) +
      line("GET /health/ready") +
      line("GET /", 200, "kube-probe/1.31") +
      line("GET /api/healthz?full") +
      line("GET /socket", 101) +
      "starting\n",
    "/health/ready",
    "/",
  );
  assert.deepEqual(
    requests.map(({ method, path, weight }) => [method, path, weight]),
    [
      ["GET", "/", 3],
      ["HEAD", "/orders/7", 1],
    ],
  );
  assert.deepEqual(
    notices.map((notice) => formatNotice(notice, { all: true })),
    [
      "access.log: its mix is of 2 requests, for 4 of 11 lines",
      "access.log: left out are lines: 2 with changes or bodies, which no log holds (only GET, HEAD and OPTIONS are asked), 3 of probes, 1 for another protocol (101), 1 not understood",
    ],
  );
});

const refusals: readonly (readonly [name: string, text: string, message: RegExp, seen: RegExp])[] = [
  ["an empty log", "", /has no line$/, /^$/],
  ["no access log", "starting\nstopping\n", /no line that is understood/, /starting/],
  [
    "nothing but orders",
    line("POST /orders"),
    /no request that can be asked again/,
    /1 requests with changes/,
  ],
];

for (const [name, text, message, seen] of refusals) {
  test(`${name} is refused in one line, with what was seen`, async () => {
    await assert.rejects(read(text), (error: Error & { code?: string; details?: { seen?: string[] } }) => {
      assert.equal(error.code, "SW1401");
      assert.match(error.message, message);
      assert.match(error.details?.seen?.join() ?? "", seen);
      return true;
    });
  });
}
