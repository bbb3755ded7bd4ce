import assert from "node:assert/strict";
import { test } from "node:test";
import { createCertificateAuthority, type KeyPair } from "@seaworthy/certificates";
import type { Ingress, Secret } from "@seaworthy/kube";
import { fakeInformer, ingressOf } from "../testing/test-data-plane.ts";
import { certificatesOfIngresses, createEdgeCertificates } from "./edge-certificates.ts";

const hourMs = 3_600_000;
const authority = createCertificateAuthority("test", {
  notBefore: new Date(Date.now() - hourMs),
  notAfter: new Date(Date.now() + hourMs),
});
const pairFor = (...dnsNames: string[]) =>
  authority.issue({ commonName: dnsNames[0] ?? "", usage: "server", dnsNames });

test("a host's certificate is that of its Secret, by its own name before a wildcard", () => {
  const edge = edgeOf({
    ingresses: [withTls("wild", ["*.shop.example"]), withTls("own", ["a.shop.example"])],
    secrets: [secretOf("wild", pairFor("*.shop.example")), secretOf("own", pairFor("a.shop.example"))],
  });
  const own = edge.certificates.contextFor("A.shop.example");
  const wild = edge.certificates.contextFor("b.shop.example");
  assert.ok(own !== undefined && wild !== undefined && own !== wild);
  assert.equal(edge.certificates.contextFor("b.shop.example"), wild, "it is read once");
  assert.equal(edge.certificates.contextFor("x.b.shop.example"), undefined);
  assert.equal(edge.certificates.contextFor("other.example"), undefined);
  assert.deepEqual(edge.notices, []);
});

test("an entry without hosts means those of the rules", () => {
  const ingress = withTls("own", undefined);
  const edge = edgeOf({ ingresses: [ingress], secrets: [secretOf("own", pairFor("shop.example"))] });
  assert.notEqual(edge.certificates.contextFor("shop.example"), undefined);
});

test("a Secret that changes is read anew", () => {
  const edge = edgeOf({ ingresses: [withTls("own", ["shop.example"])], secrets: [] });
  assert.equal(edge.certificates.contextFor("shop.example"), undefined);
  edge.secrets.put(secretOf("own", pairFor("shop.example")));
  const first = edge.certificates.contextFor("shop.example");
  edge.secrets.put(secretOf("own", pairFor("shop.example")));
  const second = edge.certificates.contextFor("shop.example");
  assert.ok(first !== undefined && second !== undefined && first !== second);
});

const pair = pairFor("shop.example");
for (const [what, secret, notice] of [
  [
    "missing",
    undefined,
    /the Secret own that Ingress default\/own names for TLS is missing: clients of shop/,
  ],
  ["empty", secretOf("own", undefined), /has no tls\.crt and tls\.key/],
  ["no certificate", secretOf("own", { ...pair, cert: "nonsense" }), /cannot be read \(.+\)/],
  ["of another key", secretOf("own", { ...pair, key: pairFor("a.example").key }), /a key of another/],
  ["for other names", secretOf("own", pairFor("other.example")), /a certificate for other names/],
] as const) {
  test(`a Secret that is ${what} is told once, and the edge shows its own certificate`, () => {
    const edge = edgeOf({
      ingresses: [withTls("own", ["shop.example"])],
      secrets: secret === undefined ? [] : [secret],
    });
    assert.equal(edge.certificates.contextFor("shop.example"), undefined);
    assert.equal(edge.certificates.contextFor("shop.example"), undefined);
    assert.equal(edge.notices.length, 1);
    assert.match(edge.notices[0] ?? "", notice);
  });
}

function edgeOf({ ingresses, secrets }: { ingresses: Ingress[]; secrets: Secret[] }) {
  const notices: string[] = [];
  const informer = fakeInformer(...secrets);
  const certificates = createEdgeCertificates({
    named: () => certificatesOfIngresses(ingresses),
    secrets: informer,
    onNotice: (text) => notices.push(text),
  });
  return { certificates, notices, secrets: informer };
}

/** An Ingress whose TLS Secret has its name. */
function withTls(name: string, hosts: string[] | undefined): Ingress {
  const ingress = ingressOf(name, [["shop.example", "/", "Prefix", "web"]]);
  const entry = { secretName: name, ...(hosts === undefined ? {} : { hosts }) };
  return { ...ingress, spec: { ...ingress.spec, tls: [entry] } };
}

function secretOf(name: string, keyPair: KeyPair | undefined): Secret {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "default" },
    type: "kubernetes.io/tls",
    data: keyPair === undefined ? {} : { "tls.crt": base64(keyPair.cert), "tls.key": base64(keyPair.key) },
  };
}
