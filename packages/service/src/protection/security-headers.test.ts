import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { setSecurityHeaders } from "./security-headers.ts";
import { openHttp2, startGatedServer, type Protocol } from "./testing/start-gated-server.ts";

async function headersOf(
  t: TestContext,
  kind: "api" | "page",
  protocol: Protocol,
): Promise<Record<string, string>> {
  const observer = setSecurityHeaders(kind);
  const gate = (exchange: Parameters<NonNullable<NonNullable<typeof observer>["begin"]>>[0]): false => {
    observer?.begin?.(exchange);
    return false;
  };
  const { port } = await startGatedServer(t, () => gate, {
    protocol,
    application: (_, response) => response.writeHead(200, { "Referrer-Policy": "origin" }).end(),
  });
  if (protocol === "http") return Object.fromEntries((await fetch(`http://127.0.0.1:${port}`)).headers);
  const stream = openHttp2(t, `https://127.0.0.1:${port}`).request().resume();
  return (await once(stream, "response"))[0];
}

test("off is nothing at all", () => {
  assert.equal(setSecurityHeaders("off"), undefined);
});

test("an API's answers are for nobody's page, and the application goes first", async (t) => {
  const headers = await headersOf(t, "api", "http");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
  assert.equal(headers["referrer-policy"], "origin");
  assert.equal(headers["strict-transport-security"], undefined);
});

test("a page may have its own scripts, and HTTPS stays HTTPS", async (t) => {
  const headers = await headersOf(t, "page", "h2");
  assert.equal(headers["x-frame-options"], "SAMEORIGIN");
  assert.doesNotMatch(headers["content-security-policy"] ?? "", /default-src|script-src/);
  assert.equal(headers["strict-transport-security"], "max-age=31536000");
});
