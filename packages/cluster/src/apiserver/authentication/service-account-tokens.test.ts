import assert from "node:assert/strict";
import { createHmac, createPublicKey, generateKeyPairSync, verify, type JsonWebKey } from "node:crypto";
import { after, before, describe, test } from "node:test";
import * as fc from "fast-check";
import { ApiError, createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Secret } from "@seaworthy/kube";
import { pod, refusal, startApi, type Fixture } from "../testing/start-api.ts";
import { createTokenSigner } from "./json-web-token.ts";
import { issuer } from "./service-account-tokens.ts";

let fixture: Fixture;
let client: KubeClient;
const resources = new AsyncDisposableStack();
/** A client over HTTPS that has nothing but a token. */
let withToken: (token: string) => KubeClient;
let ask: (path: string, token?: string) => Promise<{ status: number; body: string }>;

before(async () => {
  fixture = await startApi({ startMs: Date.now() });
  client = fixture.client;
  const api = resources.use(await fixture.start());
  const { cert: _cert, key: _key, token: _token, ...bare } = await readKubeconfig({ text: api.kubeconfig });
  withToken = (token) => createClient(httpTransport({ ...bare, token }));
  ask = async (path, token) => {
    const transport = httpTransport(token === undefined ? bare : { ...bare, token });
    const { status, body } = await transport({
      method: "GET",
      path,
      query: new URLSearchParams(),
      headers: {},
    });
    return { status, body: body as string };
  };
  await createAccount("default");
});
after(() => resources.disposeAsync());

describe("a token of a ServiceAccount", () => {
  test("says what Kubernetes' tokens say, and can be checked by anybody with the published key", async () => {
    const token = await client.requestToken("default", "default", {});
    const [head = "", payload = "", signature = ""] = token.split(".");
    const account = await client.get<KubeObject>(resourceTypes.serviceaccounts, "default", "default");
    const claims = decode(payload) as Record<string, unknown>;
    const now = Math.floor(fixture.clock.now() / 1000);
    assert.match(String(claims["jti"]), /^[0-9a-f-]{36}$/);
    assert.deepEqual(claims, {
      aud: [issuer],
      exp: now + 3600,
      iat: now,
      iss: issuer,
      jti: claims["jti"],
      "kubernetes.io": {
        namespace: "default",
        serviceaccount: { name: "default", uid: account.metadata.uid },
      },
      nbf: now,
      sub: "system:serviceaccount:default:default",
    });
    await client.create<KubeObject>(resourceTypes.clusterrolebindings, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "issuer-discovery" },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "system:service-account-issuer-discovery",
      },
      subjects: [{ kind: "Group", name: "system:unauthenticated" }],
    });
    const configuration = JSON.parse((await ask("/.well-known/openid-configuration")).body) as {
      issuer: string;
      jwks_uri: string;
    };
    assert.equal(configuration.issuer, issuer);
    const { keys } = JSON.parse((await ask(new URL(configuration.jwks_uri).pathname)).body) as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const key = keys.find(({ kid }) => kid === (decode(head) as { kid: string }).kid)!;
    const signed = Buffer.from(`${head}.${payload}`);
    const publicKey = createPublicKey({ key, format: "jwk" });
    const options = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    assert.ok(verify("sha256", signed, options, Buffer.from(signature, "base64url")));
  });

  test("lets its account in until it ends, and for the API's audience only", async () => {
    const token = await client.requestToken("default", "default", { expirationSeconds: 600 });
    const other = await client.requestToken("default", "default", { audiences: ["vault"] });
    assert.equal((await ask("/api", token)).status, 200);
    assert.equal((await ask("/api", other)).status, 401);
    fixture.clock.nowMs += 600_000;
    assert.equal((await ask("/api", token)).status, 200, "clocks may differ by a minute");
    fixture.clock.nowMs += 61_000;
    assert.equal((await ask("/api", token)).status, 401);
  });

  test("ends with what it is bound to: pod, secret, node, account", async () => {
    await createAccount("bound");
    const bound = pod("bound", { serviceAccountName: "bound", nodeName: "n" });
    const secret: Secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "default" },
    };
    await client.create<KubeObject>(resourceTypes.nodes, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n" },
    });
    await client.create(resourceTypes.secrets, secret);
    await client.create(resourceTypes.pods, bound);
    for (const [type, kind, namespace, name] of [
      [resourceTypes.pods, "Pod", "default", "bound"],
      [resourceTypes.secrets, "Secret", "default", "s"],
      [resourceTypes.nodes, "Node", undefined, "n"],
    ] as const) {
      const boundObjectRef = { apiVersion: "v1", kind, name };
      const token = await client.requestToken("default", "bound", { boundObjectRef });
      assert.equal((await ask("/api", token)).status, 200, kind);
      await client.delete(type, namespace, name, { gracePeriodSeconds: 0 });
      assert.equal((await ask("/api", token)).status, 401, kind);
    }
    const token = await client.requestToken("default", "bound", {});
    await client.delete(resourceTypes.serviceaccounts, "default", "bound");
    assert.equal((await ask("/api", token)).status, 401);
    await createAccount("bound");
    assert.equal((await ask("/api", token)).status, 401, "another of the same name is not the same");
  });

  test("of a pod tells of its node, and outlives the asked time if it is the mounted one", async () => {
    await client.create(resourceTypes.pods, pod("mounted", { nodeName: "n1" }));
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: "mounted" };
    const token = await client.requestToken("default", "default", {
      boundObjectRef,
      expirationSeconds: 3607,
    });
    const claims = decode(token.split(".")[1]!) as {
      exp: number;
      iat: number;
      "kubernetes.io": Record<string, unknown>;
    };
    assert.equal(claims.exp - claims.iat, 365 * 24 * 3600);
    assert.equal(claims["kubernetes.io"]["warnafter"], claims.iat + 3607);
    assert.deepEqual(claims["kubernetes.io"]["node"], { name: "n1" });
  });

  test("that was not signed here, or was changed, cut, or blown up, is nobody's", async () => {
    const good = await client.requestToken("default", "default", {});
    const [head = "", payload = "", signature = ""] = good.split(".");
    const { kid } = decode(head) as { kid: string };
    const claims = decode(payload) as Record<string, unknown>;
    const stranger = createTokenSigner(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
    const publicKey = (JSON.parse((await ask("/openid/v1/jwks")).body) as { keys: JsonWebKey[] }).keys[0]!;
    const pem = createPublicKey({ key: publicKey, format: "jwk" }).export({ type: "spki", format: "pem" });
    const hmacHead = encode({ alg: "HS256", kid });
    const hmac = createHmac("sha256", pem).update(`${hmacHead}.${payload}`).digest("base64url");
    const admin = encode({ ...claims, sub: "system:serviceaccount:kube-system:admin" });
    const hostile = [
      `${encode({ alg: "none" })}.${payload}.`,
      `${encode({ alg: "none", kid })}.${payload}.${signature}`,
      `${hmacHead}.${payload}.${hmac}`,
      stranger.sign(claims),
      `${head}.${admin}.${signature}`,
      `${head}.${payload}`,
      `${head}.${payload}.`,
      `${head}.${payload}.${signature}.${signature}`,
      `${good}=`,
      good.slice(0, -1),
      `..`,
      "x".repeat(7000),
      `${head}.${"e".repeat(6000)}.${signature}`,
    ];
    for (const token of hostile)
      assert.equal((await ask("/healthz", token)).status, 401, token.slice(0, 200));
    assert.equal((await ask("/api", good)).status, 200);
  });

  test("with any one character changed is nobody's", async () => {
    const good = await client.requestToken("default", "default", {});
    const signer = createTokenSigner(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
    const own = signer.sign({ a: 1 });
    assert.deepEqual(signer.read(own), { a: 1 });
    fc.assert(
      fc.property(
        fc.nat(own.length - 1),
        fc.constantFrom("A", "Z", "a", "9", "-", "_", ".", "=", "é"),
        (at, character) => {
          fc.pre(own[at] !== character);
          assert.throws(() => signer.read(own.slice(0, at) + character + own.slice(at + 1)), Error);
        },
      ),
    );
    assert.throws(() => signer.read(good), /invalid bearer token/);
  });
});

test("a pod that names an account which is not there is refused in Kubernetes' words", async () => {
  const created = client.create(resourceTypes.pods, pod("lost", { serviceAccountName: "nobody" }));
  assert.deepEqual(await refusal(created), {
    code: 403,
    reason: "Forbidden",
    message:
      'pods "lost" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
  });
});

test("a pod has its token mounted, unless it or its account does not want it", async () => {
  const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
  await createAccount("shy", { automountServiceAccountToken: false, imagePullSecrets: [{ name: "pull" }] });
  const create = (name: string, spec: Parameters<typeof pod>[1]) =>
    client.create(resourceTypes.pods, pod(name, spec));
  const { spec } = await create("plain", {});
  const [volume] = spec.volumes ?? [];
  assert.match(volume?.name ?? "", /^kube-api-access-[a-z0-9]{5}$/);
  assert.deepEqual(spec.containers[0]?.volumeMounts, [{ name: volume?.name, readOnly: true, mountPath }]);
  assert.deepEqual(volume?.projected, {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
    defaultMode: 420,
  });
  assert.equal((await create("off", { automountServiceAccountToken: false })).spec.volumes, undefined);
  const shy = (await create("shy", { serviceAccountName: "shy" })).spec;
  assert.equal(shy.volumes, undefined);
  assert.deepEqual(shy.imagePullSecrets, [{ name: "pull" }]);
  const wanted = { serviceAccountName: "shy", automountServiceAccountToken: true };
  assert.equal((await create("wanted", wanted)).spec.volumes?.length, 1);
  const own = {
    containers: [{ name: "c", image: "c:1", volumeMounts: [{ name: "v", mountPath }] }],
    volumes: [{ name: "v", emptyDir: {} }],
  };
  assert.deepEqual(
    (await create("own", own)).spec.volumes?.map(({ name }) => name),
    ["v"],
  );
});

test("a token reads what its account may read, and nothing else", async () => {
  await createAccount("reader");
  const reader = withToken(await client.requestToken("default", "reader", {}));
  await assert.rejects(reader.list(resourceTypes.pods, { namespace: "default" }), (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.httpCode, 403);
    return true;
  });
  await client.create<KubeObject>(resourceTypes.rolebindings, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "reader", namespace: "default" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: "reader" }],
  });
  assert.ok((await reader.list(resourceTypes.pods, { namespace: "default" })).items.length > 0);
  await client.delete(resourceTypes.rolebindings, "default", "reader");
  await assert.rejects(reader.list(resourceTypes.pods, { namespace: "default" }), ApiError);
});

async function createAccount(name: string, more: object = {}): Promise<void> {
  const metadata = { name, namespace: "default" };
  await client.create<KubeObject>(resourceTypes.serviceaccounts, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
    ...more,
  });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
