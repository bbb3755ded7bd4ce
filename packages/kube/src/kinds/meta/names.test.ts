import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  asPrefix,
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  envVarName,
  labelValue,
  pathSegmentName,
  portName,
  qualifiedName,
  wildcardSubdomain,
} from "./names.ts";

const odd = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: fc.constantFrom("a", "Z", "0", "-", ".", "_", "/", "=", " ", "é"), maxLength: 80 }),
);

test("a name that becomes a file stays in its folder", () => {
  fc.assert(
    fc.property(odd, (name) => {
      for (const check of [dns1123Label, dns1123Subdomain, configMapKey]) {
        if (check(name).length > 0) continue;
        assert.ok(!name.includes("/") && !name.startsWith("..") && name !== "." && name !== "", name);
        assert.ok(name.length <= 253, name);
      }
    }),
  );
});

test("labels are subdomains, subdomains that have no dot are labels", () => {
  fc.assert(
    fc.property(odd, (name) => {
      if (dns1123Label(name).length === 0) assert.deepEqual(dns1123Subdomain(name), []);
      if (!name.includes(".") && name.length < 64)
        assert.equal(dns1123Subdomain(name).length === 0, dns1123Label(name).length === 0);
      assert.equal(
        wildcardSubdomain(`*.${name}`).length === 0,
        dns1123Subdomain(name).length === 0 && name.length < 252,
      );
    }),
  );
});

test("a key with a domain is right when its two parts are", () => {
  fc.assert(
    fc.property(odd, odd, (domain, name) => {
      const isRight =
        dns1123Subdomain(domain).length === 0 && qualifiedName(name).length === 0 && !name.includes("/");
      assert.equal(qualifiedName(`${domain}/${name}`).length === 0, isRight, `${domain}/${name}`);
    }),
  );
});

test("values and keys of labels differ in the empty one only, and in slashes", () => {
  fc.assert(
    fc.property(odd, (text) => {
      if (text === "" || text.includes("/")) return;
      assert.equal(labelValue(text).length === 0, qualifiedName(text).length === 0);
    }),
  );
});

test("the beginning of a generated name may end with a dash", () => {
  assert.deepEqual(asPrefix(dns1123Label)("web-"), []);
  assert.deepEqual(dns1123Label("web-").length, 1);
  assert.equal(asPrefix(dns1123Label)("-").length, 1);
});

test("no text takes long to check", () => {
  for (const text of [
    "a".repeat(200_000),
    `${"a-".repeat(100_000)}!`,
    `${"a.".repeat(100_000)}!`,
    "-".repeat(200_000),
  ]) {
    const begin = performance.now();
    for (const check of [
      dns1123Label,
      dns1123Subdomain,
      configMapKey,
      qualifiedName,
      labelValue,
      portName,
      envVarName,
    ])
      assert.ok(check(text).length <= 4);
    assert.ok(performance.now() - begin < 2000);
  }
});

test("what is wrong is said for each rule that is broken", () => {
  assert.deepEqual(portName("Http--"), [
    "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    "must not contain consecutive hyphens",
    "must not begin or end with a hyphen",
  ]);
  assert.deepEqual(portName("80-80").concat(portName("http2")), ["must contain at least one letter (a-z)"]);
  assert.deepEqual(pathSegmentName("a/b%"), ["may not contain '/'", "may not contain '%'"]);
  assert.deepEqual(pathSegmentName(".."), ["may not be '..'"]);
  assert.deepEqual(dns1123Label("a".repeat(64)), ["must be no more than 63 characters"]);
  assert.deepEqual(labelValue("a".repeat(64)), ["must be no more than 63 bytes"]);
  assert.deepEqual(dns1123Label("a.b"), ["must not contain dots"]);
  assert.deepEqual(envVarName(""), ["environment variable name must be non-empty"]);
});
