import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvoyFault } from "./envoy-fault-headers.ts";

const half = (): number => 0.5;

test("without Envoy's headers nothing is asked for", () => {
  assert.equal(readEnvoyFault({ "x-envoy-fault-delay-request-percentage": "100" }, half), undefined);
});

test("a delay and a status, each with its percentage", () => {
  const ask = (headers: Record<string, string>) => readEnvoyFault(headers, half, 10_000);
  assert.deepEqual(ask({ "x-envoy-fault-delay-request": "200" }), { delayMs: 200, status: undefined });
  assert.deepEqual(ask({ "x-envoy-fault-abort-request": "418" }), { delayMs: 0, status: 418 });
  const both = { "x-envoy-fault-delay-request": "200", "x-envoy-fault-abort-request": "503" };
  assert.deepEqual(ask(both), { delayMs: 200, status: 503 });
  assert.deepEqual(
    ask({
      ...both,
      "x-envoy-fault-delay-request-percentage": "50",
      "x-envoy-fault-abort-request-percentage": "51",
    }),
    { delayMs: 0, status: 503 },
  );
});

test("a delay is cut to the longest, a status outside 200 to 599 and what is no whole number passed over", () => {
  assert.equal(readEnvoyFault({ "x-envoy-fault-delay-request": "999999" }, half, 500)?.delayMs, 500);
  for (const status of ["199", "600", "-503", "0x1f7", "503, 504", ""]) {
    assert.equal(readEnvoyFault({ "x-envoy-fault-abort-request": status }, half)?.status, undefined, status);
  }
  for (const delay of ["-5", "1e3", "soon", "99999999999999999999"]) {
    assert.equal(readEnvoyFault({ "x-envoy-fault-delay-request": delay }, half)?.delayMs, 0, delay);
  }
  // As in Envoy, a percentage that cannot be read is the configured one, which is 100 here.
  const headers = {
    "x-envoy-fault-abort-request": "503",
    "x-envoy-fault-abort-request-percentage": "some",
  };
  assert.equal(readEnvoyFault(headers, half)?.status, 503);
});
