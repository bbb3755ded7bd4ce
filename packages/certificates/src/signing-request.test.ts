import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import * as fc from "fast-check";
import { createCertificateAuthority } from "./certificate-authority.ts";
import { keyUsages } from "./key-usages.ts";
import { readSigningRequest, SigningRequestError } from "./signing-request.ts";
import { signingRequests } from "./testing/signing-requests.ts";

const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2027-01-01T00:00:00Z") };

for (const [key, pem] of Object.entries(signingRequests)) {
  test(`a request of openssl is read, and signed for its own key: ${key}`, () => {
    const read = readSigningRequest(pem);
    assert.equal(read.commonName, "jane");
    assert.deepEqual(read.organizations, ["devs", "ops"]);
    assert.deepEqual(read.names, {
      dnsNames: ["web.example"],
      ipAddresses: ["10.0.0.1", "2001:db8::1"],
      emailAddresses: ["a@b.example"],
      uris: ["spiffe://x/y"],
    });
    const authority = createCertificateAuthority("ca", validity);
    const usages = ["digital signature", "key encipherment", "client auth"];
    const cert = new X509Certificate(authority.sign(read, { ...validity, usages }));
    assert.equal(cert.subject, "C=DE\nO=devs\nO=ops\nCN=jane");
    assert.ok(cert.verify(new X509Certificate(authority.cert).publicKey));
    assert.ok(cert.publicKey.equals(read.publicKey));
    assert.deepEqual(cert.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
    assert.match(cert.subjectAltName ?? "", /DNS:web.example/);
    assert.equal(cert.ca, false);
  });
}

test("a certificate ends with its authority at the latest", () => {
  const authority = createCertificateAuthority("ca", validity);
  const read = readSigningRequest(signingRequests.p256);
  const late = { notBefore: validity.notBefore, notAfter: new Date("2040-01-01T00:00:00Z") };
  const cert = new X509Certificate(authority.sign(read, { ...late, usages: ["client auth"] }));
  assert.equal(cert.validToDate.getTime(), validity.notAfter.getTime());
});

test("what is no request, or was changed after it was signed, is refused", () => {
  assert.throws(() => readSigningRequest("hello"), /PEM block type must be CERTIFICATE REQUEST/);
  assert.throws(
    () => readSigningRequest(createCertificateAuthority("ca", validity).cert),
    SigningRequestError,
  );
  const bytes = unwrap(signingRequests.p256);
  const at = bytes.indexOf("jane");
  bytes.write("root", at);
  assert.throws(() => readSigningRequest(wrap(bytes)), /verification failure/);
});

test("no bytes make the reader fail otherwise than by refusing", () => {
  const bytes = unwrap(signingRequests.p256);
  const refuses = (changed: Buffer) =>
    assert.throws(() => readSigningRequest(wrap(changed)), SigningRequestError);
  for (let length = 0; length < bytes.length; length += 1) refuses(bytes.subarray(0, length));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= flip;
      refuses(changed);
    }),
    { numRuns: 500 },
  );
});

test("usages become bits and purposes, and unknown ones are named", () => {
  assert.deepEqual(keyUsages(["client auth", "digital signature", "signing", "s/mime", "email protection"]), {
    bits: [0],
    purposes: ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"],
  });
  assert.throws(() => keyUsages(["flying"]), /unrecognized usage values: \["flying"\]/);
});

function unwrap(pem: string): Buffer {
  return Buffer.from(pem.split("\n").slice(1, -2).join(""), "base64");
}

function wrap(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
}
