import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connect, createServer, type TLSSocket } from "node:tls";
import { createCertificateAuthority, type CertificateAuthority } from "./certificate-authority.ts";

const dayMs = 24 * 3_600_000;
const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
const authority = createCertificateAuthority("the authority", validity);
const names = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1", "::1"] };

test("a certificate carries the names, addresses, time and purpose that were asked for", () => {
  const { cert } = authority.issue({ commonName: "server", usage: "server", ...names });
  const read = new X509Certificate(cert);
  assert.equal(read.subject, "CN=server");
  assert.equal(read.issuer, "CN=the authority");
  assert.equal(read.subjectAltName, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
  assert.equal(read.checkHost("localhost"), "localhost");
  assert.equal(read.checkIP("::1"), "::1");
  assert.equal(read.checkHost("evil.example"), undefined);
  assert.deepEqual(read.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  assert.equal(read.ca, false);
  assert.equal(Math.floor(read.validToDate.getTime() / 1000), Math.floor(validity.notAfter.getTime() / 1000));
});

test("addresses of every form are read back as they were meant", () => {
  const ipAddresses = ["::", "fe80::1", "2001:db8:1:2:3:4:5:6", "::ffff:10.1.2.3", "2001:db8::", "10.0.0.1"];
  const read = new X509Certificate(authority.issue({ commonName: "s", usage: "server", ipAddresses }).cert);
  for (const address of ipAddresses) assert.equal(read.checkIP(address), address);
});

test("a user's certificate has the group in its subject and is for clients", () => {
  const { cert } = authority.issue({ commonName: "admin", organization: "system:masters", usage: "client" });
  const read = new X509Certificate(cert);
  assert.equal(read.subject, "O=system:masters\nCN=admin");
  assert.deepEqual(read.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
});

test("the authority's certificate is one, and has signed what it issued and nothing else", () => {
  const root = new X509Certificate(authority.cert);
  const other = createCertificateAuthority("the authority", validity);
  const issued = new X509Certificate(authority.issue({ commonName: "c", usage: "client" }).cert);
  assert.equal(root.ca, true);
  assert.ok(root.verify(root.publicKey));
  assert.ok(issued.verify(root.publicKey) && issued.checkIssued(root));
  assert.ok(!issued.verify(new X509Certificate(other.cert).publicKey));
});

test("serial numbers are positive, at most 20 bytes long, and never the same", () => {
  const serials = Array.from({ length: 50 }, () => {
    const { cert } = authority.issue({ commonName: "c", usage: "client" });
    return new X509Certificate(cert).serialNumber;
  });
  assert.equal(new Set(serials).size, serials.length);
  for (const serial of serials) assert.match(serial, /^[0-9A-F]{1,40}$/);
});

test("a time from 2050 on is read back as it was meant", () => {
  const late = createCertificateAuthority("late", {
    notBefore: new Date("2049-12-31T23:59:59Z"),
    notAfter: new Date("2051-01-02T03:04:05Z"),
  });
  const read = new X509Certificate(late.cert);
  assert.equal(read.validFromDate.toISOString(), "2049-12-31T23:59:59.000Z");
  assert.equal(read.validToDate.toISOString(), "2051-01-02T03:04:05.000Z");
});

test("TLS: both ends prove who they are; a certificate of another authority or for another purpose does not", async () => {
  const stranger = createCertificateAuthority("the authority", validity);
  const client = (by: CertificateAuthority) => by.issue({ commonName: "admin", usage: "client" });
  const served = authority.issue({ commonName: "server", usage: "server", ...names });
  assert.equal(await isAuthorized(served, client(authority)), true);
  assert.equal(await isAuthorized(served, client(stranger)), false);
  assert.equal(await isAuthorized(served, served), false);
});

async function isAuthorized(
  served: { cert: string; key: string },
  client: { cert: string; key: string },
): Promise<boolean> {
  const server = createServer({
    ...served,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, "secureConnection");
  const socket = connect({ port, host: "127.0.0.1", ca: authority.cert, ...client });
  await once(socket, "secureConnect");
  assert.equal(socket.authorized, true);
  const [peer] = (await accepted) as [TLSSocket];
  socket.destroy();
  peer.destroy();
  server.close();
  return peer.authorized;
}
