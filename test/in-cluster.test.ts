import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { KubeClient } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type KubeObject, type Pod } from "@seaworthy/kube";

/** What a program in a pod does that looks for its cluster as every client library does. */
const program = `
import { readFileSync } from "node:fs";
import { AuthenticationV1Api, CoreV1Api, KubeConfig } from ${JSON.stringify(import.meta.resolve("@kubernetes/client-node"))};
const config = new KubeConfig();
config.loadFromCluster();
const core = config.makeApiClient(CoreV1Api);
const attempt = (call) => call.then(
  ({ items }) => items.map(({ metadata }) => metadata.name),
  (error) => ({ code: error.code, message: JSON.parse(error.body).message }),
);
const { status } = await config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
console.log(JSON.stringify({
  user: status.userInfo,
  namespace: readFileSync(folder + "/namespace", "utf8"),
  vault: JSON.parse(Buffer.from(readFileSync("/var/run/secrets/vault/token", "utf8").split(".")[1], "base64url")).aud,
  configMaps: await attempt(core.listNamespacedConfigMap({ namespace: "default" })),
  secrets: await attempt(core.listNamespacedSecret({ namespace: "default" })),
}));
setInterval(() => {}, 1e9);
`;

interface Said {
  readonly user: {
    readonly username: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
  readonly namespace: string;
  readonly vault: readonly string[];
  readonly configMaps: readonly string[];
  readonly secrets: { readonly code: number; readonly message: string };
}

describe("a program in a pod", () => {
  for (const runtime of process.platform === "linux"
    ? (["namespace", "shim"] as const)
    : (["shim"] as const)) {
    test(`reaches the API as its ServiceAccount, and may do what the account may: ${runtime}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "seaworthy-in-cluster-"));
      try {
        const file = join(folder, "program.mjs");
        await writeFile(file, program);
        const run = { asking: `'${process.execPath}' '${file}'` };
        await using cluster = await Cluster.start({ profile: "instant", nodes: 1, runtime, run });
        await createReader(cluster.client);
        await cluster.client.create<Pod>(resourceTypes.pods, askingPod());
        const said = await firstLine(cluster.client, "asking");
        const { username, groups, extra } = said.user;
        assert.equal(username, "system:serviceaccount:default:reader");
        assert.deepEqual(groups, [
          "system:serviceaccounts",
          "system:serviceaccounts:default",
          "system:authenticated",
        ]);
        assert.deepEqual(extra["authentication.kubernetes.io/pod-name"], ["asking"]);
        assert.deepEqual(extra["authentication.kubernetes.io/node-name"], ["node-1"]);
        assert.equal(said.namespace, "default");
        assert.deepEqual(said.vault, ["vault"]);
        assert.deepEqual(said.configMaps, ["kube-root-ca.crt"]);
        assert.deepEqual(said.secrets, {
          code: 403,
          message:
            'secrets is forbidden: User "system:serviceaccount:default:reader" cannot list resource "secrets" in API group "" in the namespace "default"',
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});

function askingPod(): Pod {
  const sources = [{ serviceAccountToken: { audience: "vault", expirationSeconds: 600, path: "token" } }];
  const volumeMounts = [{ name: "vault", mountPath: "/var/run/secrets/vault" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "asking", namespace: "default" },
    spec: {
      serviceAccountName: "reader",
      containers: [{ name: "c", image: "asking", volumeMounts }],
      volumes: [{ name: "vault", projected: { sources } }],
    },
  };
}

async function createReader(client: KubeClient): Promise<void> {
  const metadata = { name: "reader", namespace: "default" };
  const group = "rbac.authorization.k8s.io";
  const apiVersion = `${group}/v1`;
  await client.create<KubeObject>(resourceTypes.serviceaccounts, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
  });
  await client.create<KubeObject>(resourceTypes.roles, {
    apiVersion,
    kind: "Role",
    metadata,
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
  });
  await client.create<KubeObject>(resourceTypes.rolebindings, {
    apiVersion,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "Role", name: "reader" },
    subjects: [{ kind: "ServiceAccount", name: "reader" }],
  });
}

/** The first line that a pod prints; its log is there as soon as it runs. */
async function firstLine(client: KubeClient, pod: string): Promise<Said> {
  const { resourceVersion, items } = await client.list<Pod>(resourceTypes.pods, { namespace: "default" });
  const done = new AbortController();
  const isRunning = (object: Pod) => object.status?.phase === "Running";
  if (!items.some(isRunning))
    for await (const { object } of client.watch<Pod>(resourceTypes.pods, {
      namespace: "default",
      resourceVersion,
      signal: done.signal,
    }))
      if (isRunning(object)) break;
  let text = "";
  for await (const chunk of client.logs("default", pod, { follow: true, signal: done.signal })) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  done.abort();
  return JSON.parse(text) as Said;
}
