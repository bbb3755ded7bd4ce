import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createClientAddress, parseTrustedProxies, plainAddress } from "./client-address.ts";

const client = (trust: string, peer: string, forwardedFor?: string): string =>
  createClientAddress(parseTrustedProxies(trust))(plainAddress(peer), forwardedFor);

test("nobody is believed unless it is said whom to believe", () => {
  assert.equal(client("false", "::ffff:10.0.0.1", "1.2.3.4"), "10.0.0.1");
  assert.equal(client("0", "10.0.0.1", "1.2.3.4"), "10.0.0.1");
});

test("a proxy's own view counts, and what stood there before is hearsay", () => {
  assert.equal(client("true", "10.0.0.1", "6.6.6.6, 1.2.3.4"), "1.2.3.4");
  assert.equal(client("true", "10.0.0.1"), "10.0.0.1");
  assert.equal(client("2", "10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
  assert.equal(client("9", "10.0.0.1", "1.2.3.4"), "1.2.3.4");
});

test("networks are believed as far as the chain goes through them", () => {
  const networks = "10.0.0.0/8, fd00::/8, 192.0.2.7";
  assert.equal(client(networks, "10.1.1.1", "6.6.6.6, 1.2.3.4, 192.0.2.7, fd00::1"), "1.2.3.4");
  assert.equal(client(networks, "203.0.113.1", "1.2.3.4"), "203.0.113.1");
  assert.equal(client(networks, "10.1.1.1", "10.2.2.2"), "10.2.2.2");
  assert.equal(client(networks, "10.1.1.1", "[2001:db8::1]:443"), "2001:db8::1");
  assert.equal(client(networks, "10.1.1.1", "1.2.3.4:5678"), "1.2.3.4");
});

test("a network that cannot be is refused by name", () => {
  for (const text of ["yes", "10.0.0.0/33", "10.0.0", "fd00::/129", "100.0.0.0/x"])
    assert.throws(() => parseTrustedProxies(text), { code: "SW8001" });
});

test("no header makes it throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("true", "3", "10.0.0.0/8"), (header, trust) => {
      assert.equal(typeof client(trust, "10.0.0.1", header), "string");
    }),
  );
});
