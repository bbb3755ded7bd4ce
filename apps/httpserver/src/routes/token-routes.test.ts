import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { FastifyInstance } from "fastify";
import { SignJWT, UnsecuredJWT } from "jose";
import { exampleApp } from "../testing/example-app.ts";

const jwtSecret = "0123456789abcdef0123456789abcdef";
const key = new TextEncoder().encode(jwtSecret);

test("a token that was issued is valid and says what was asked for", async (t) => {
  const app = exampleApp(t, { jwtSecret });
  const payload = { subject: "ada", claims: { role: "admin" }, ttlSeconds: 120 };
  const issued = (await app.inject({ method: "POST", url: "/token", payload })).json<{
    token: string;
    expiresAt: string;
  }>();
  const answer = await validate(app, issued.token);
  assert.equal(answer.statusCode, 200);
  const { subject, expiresAt, claims } = answer.json<{
    subject: string;
    expiresAt: string;
    claims: Record<string, unknown>;
  }>();
  assert.deepEqual([subject, expiresAt, claims["role"]], ["ada", issued.expiresAt, "admin"]);
});

test("tokens that prove nothing have a 401 that says so", async (t) => {
  const app = exampleApp(t, { jwtSecret });
  const jwt = () =>
    new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setIssuer("httpserver").setExpirationTime("1m");
  const tokens = {
    nonsense: "a.b.c",
    unsigned: new UnsecuredJWT({}).setIssuer("httpserver").setExpirationTime("1m").encode(),
    "another's": await jwt().sign(new TextEncoder().encode("x".repeat(32))),
    expired: await jwt().setExpirationTime("-1s").sign(key),
    "for another issuer": await jwt().setIssuer("podinfo").sign(key),
    "another algorithm": await new SignJWT({})
      .setProtectedHeader({ alg: "HS512" })
      .setIssuer("httpserver")
      .sign(key),
  };
  for (const [name, token] of Object.entries(tokens)) {
    const answer = await validate(app, token);
    assert.equal(answer.statusCode, 401, name);
    assert.match(
      String(answer.headers["www-authenticate"]),
      /^Bearer realm="httpserver", error="invalid_token"/,
    );
  }
  assert.equal((await validate(app, await jwt().sign(key))).statusCode, 200);
});

test("no token at all has a challenge without an error", async (t) => {
  const app = exampleApp(t, { jwtSecret });
  const answer = await app.inject("/token/validate");
  assert.equal(answer.statusCode, 401);
  assert.equal(answer.headers["www-authenticate"], 'Bearer realm="httpserver"');
});

for (const payload of [
  { subject: 1 },
  { subject: "x".repeat(257) },
  { ttlSeconds: 0 },
  { ttlSeconds: 86_401 },
  { ttlSeconds: "60" },
  { claims: [] },
  { claims: { exp: 9_999_999_999 } },
  [],
  "no object",
]) {
  test(`a wish like ${JSON.stringify(payload).slice(0, 40)} is refused`, async (t) => {
    const headers = { "content-type": "application/json" };
    const text = JSON.stringify(payload);
    const answer = await exampleApp(t, { jwtSecret }).inject({
      method: "POST",
      url: "/token",
      headers,
      payload: text,
    });
    assert.equal(answer.statusCode, 400);
  });
}

test("without a secret there are no tokens", async (t) => {
  await refuses(t, "POST", "/token");
  await refuses(t, "GET", "/token/validate");
});

async function refuses(t: TestContext, method: "GET" | "POST", url: string): Promise<void> {
  const answer = await exampleApp(t).inject({ method, url, headers: { authorization: "Bearer x" } });
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json<{ error: { code: string } }>().error.code, "not_configured");
}

async function validate(app: FastifyInstance, token: string) {
  return await app.inject({ url: "/token/validate", headers: { authorization: `Bearer ${token}` } });
}
