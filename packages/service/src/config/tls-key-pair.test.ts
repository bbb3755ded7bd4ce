import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { selfSigned } from "@seaworthy/certificates";
import { readKeyPair } from "./tls-key-pair.ts";

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 6, 1);
const good = selfSigned({ notBefore: new Date(nowMs - hourMs), notAfter: new Date(nowMs + hourMs) });

function filesOf(files: Readonly<Record<string, string>>): Map<string, Buffer> {
  return new Map(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]));
}

function read(files: Readonly<Record<string, string>>, atMs = nowMs, caFile?: string) {
  return readKeyPair(filesOf(files), caFile === undefined ? {} : { caFile }, {}, atMs);
}

test("a pair that belongs together is taken, with what else the servers were made with", () => {
  const files = filesOf({ "tls.crt": good.cert, "tls.key": good.key });
  const { certificate, context } = readKeyPair(files, {}, { minVersion: "TLSv1.3" }, nowMs);
  assert.equal(certificate.subjectAltName, "DNS:localhost, IP Address:127.0.0.1");
  assert.ok(certificate.verify(certificate.publicKey), "it has signed itself");
  assert.equal(context.minVersion, "TLSv1.3");
  assert.equal(context.ca, undefined);
});

test("other names, and authorities for clients, are read when they are given", () => {
  const files = filesOf({ "a.pem": good.cert, "b.pem": good.key, "ca.crt": good.cert });
  const names = { certFile: "a.pem", keyFile: "b.pem", caFile: "ca.crt" };
  assert.equal(String(readKeyPair(files, names, {}, nowMs).context.ca), good.cert);
});

test("what cannot be used is refused by name, and nothing of the key is told", () => {
  const other = selfSigned();
  const { cert, key } = good;
  const cases: [Parameters<typeof read>, RegExp][] = [
    [[{}], /^tls\.crt is missing; there is nothing$/],
    [[{ "tls.crt": cert, other: "" }], /^tls\.key is missing; there is tls\.crt, other$/],
    [[{ "tls.crt": cert, "tls.key": key }, nowMs, "ca.crt"], /^ca\.crt is missing/],
    [[{ "tls.crt": "hush", "tls.key": key }], /^tls\.crt is not a certificate in PEM/],
    [[{ "tls.crt": cert, "tls.key": "hush" }], /^tls\.key is not a private key in PEM/],
    [[{ "tls.crt": cert, "tls.key": key.replaceAll("A", "B") }], /^tls\.key is not/],
    [[{ "tls.crt": cert, "tls.key": other.key }], /^tls\.key is not the key of the first certificate/],
    [[{ "tls.crt": other.cert + cert, "tls.key": key }], /^tls\.key is not the key of the first certificate/],
    [
      [{ "tls.crt": cert, "tls.key": key }, nowMs + hourMs],
      /^tls\.crt has been out of date since 2026-07-01T01/,
    ],
    [
      [{ "tls.crt": cert, "tls.key": key }, nowMs - hourMs - 1],
      /^tls\.crt is not valid before 2026-06-30T23/,
    ],
  ];
  for (const [given, message] of cases) {
    assert.throws(
      () => read(...given),
      (error: unknown) => {
        assert.ok(error instanceof SeaworthyError);
        assert.equal(error.code, "SW8005");
        assert.match(error.message, message);
        const told = JSON.stringify([error.message, error.details, String(error.cause)]);
        assert.ok(!told.includes("hush") && !told.includes(key.slice(40, 60)));
        return true;
      },
    );
  }
});
