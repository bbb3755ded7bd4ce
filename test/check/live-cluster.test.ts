import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { KubeClient, ResourceType } from "@seaworthy/client";
import { formatYaml, parseManifests, parseYaml, resourceTypes, type KubeObject } from "@seaworthy/kube";
import { seaworthy, startClusterCommand, type RunningCluster } from "../seaworthy-command.ts";
import { shopManifest } from "../shop-manifest.ts";

const typesByKind = new Map(Object.values(resourceTypes).map((type) => [type.kind, type]));

async function create(client: KubeClient, namespace: string | undefined, objects: readonly KubeObject[]) {
  for (const object of objects) {
    const metadata = { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) };
    await client.create(typesByKind.get(object.kind)!, { ...object, metadata });
  }
}

/** Waits until an object is there. */
async function appears(client: KubeClient, type: ResourceType, namespace: string) {
  const signal = AbortSignal.timeout(60_000);
  const { items, resourceVersion } = await client.list(type, { namespace });
  if (items.length > 0) return;
  for await (const event of client.watch(type, { namespace, resourceVersion, signal }))
    if (event.type === "ADDED") return;
  assert.fail(`no ${type.plural} in ${namespace}`);
}

const object = (kind: string, name: string, rest: object = {}, apiVersion = "v1") =>
  ({ apiVersion, kind, metadata: { name }, ...rest }) as KubeObject;

const definition = object(
  "CustomResourceDefinition",
  "boats.example.com",
  {
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Boat", plural: "boats" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  },
  "apiextensions.k8s.io/v1",
);

/** A cluster with the shop in `shop` and in `kube-system`. */
async function startShops(context: TestContext): Promise<RunningCluster> {
  const cluster = await startClusterCommand([]);
  context.after(() => cluster[Symbol.asyncDispose]());
  const { client } = cluster;
  const secret = object("Secret", "login", { stringData: { password: "not-to-be-shown" } });
  await create(client, undefined, [object("Namespace", "shop"), definition]);
  await create(client, "shop", [
    ...parseManifests("shop.yaml", shopManifest).map((each) => each.object),
    secret,
  ]);
  const dragged = parseManifests("shop.yaml", shopManifest).map((each) => each.object);
  await create(client, "kube-system", dragged);
  await appears(client, resourceTypes.pods, "shop");
  return cluster;
}

interface CheckJson {
  readonly checked: { readonly objects: number };
  readonly findings: readonly { readonly rule: string; readonly object: string; readonly file?: string }[];
}

test("a live cluster: what is found, where, and what is left out", { timeout: 180_000 }, async (context) => {
  const { kubeconfig, client } = await startShops(context);
  const check = (...args: string[]) =>
    seaworthy(["check", "--kubeconfig", kubeconfig, ...args], { timeoutMs: 60_000 });

  await context.test("findings name the object, and show its text", async () => {
    const { stdout, stderr, exitCode } = await check();
    assert.equal(exitCode, 1, stderr);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^warning\[no-drain\]: .*\n │ shop\/Deployment\/shop\n │ spec\.template\.spec\.\S+preStop\S+\n  │ +- image: shop:1\n  │ +\^{13} no preStop hook\n/m,
    );
    assert.doesNotMatch(stdout, /ReplicaSet|Pod\/|kube-system|not-to-be-shown|:\d+:\d+/);
    assert.match(stdout, /\d+ objects in context \S+, \d+ rules \(profile default\)\n$/);
  });

  await context.test("the cluster's own are looked at when they are named", async () => {
    const { stdout } = await check("--namespace", "kube-system", "--output", "json");
    const { findings } = JSON.parse(stdout) as CheckJson;
    assert.ok(
      findings.some(
        ({ rule, object: name }) => rule === "no-drain" && name === "Deployment kube-system/shop",
      ),
    );
    assert.ok(
      findings.every(({ object: name, file }) => name.includes(" kube-system/") && file === undefined),
    );
    assert.equal((await check("--namespace", "nowhere")).exitCode, 2);
  });

  await context.test("custom kinds are known by the cluster's own definitions", async () => {
    const boats = { group: "example.com", version: "v1", plural: "boats", kind: "Boat", namespaced: true };
    const before = JSON.parse((await check("-n", "shop", "--output", "json")).stdout) as CheckJson;
    const boat = { ...object("Boat", "a", {}, "example.com/v1"), metadata: { name: "a", namespace: "shop" } };
    await client.create(boats, boat);
    const after = JSON.parse((await check("-n", "shop", "--output", "json")).stdout) as CheckJson;
    assert.equal(after.checked.objects, before.checked.objects + 1);
    assert.deepEqual(after.findings, before.findings);
  });

  await context.test("what may not be listed is told in one line, and the rest is looked at", async () => {
    const rules = [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] }];
    const rbac = "rbac.authorization.k8s.io/v1";
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
    const subjects = [{ kind: "ServiceAccount", name: "reader", namespace: "shop" }];
    await create(client, "shop", [
      object("ServiceAccount", "reader"),
      object("Role", "reader", { rules }, rbac),
      object("RoleBinding", "reader", { roleRef, subjects }, rbac),
    ]);
    const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
    context.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "kubeconfig");
    const config = parseYaml(await readFile(kubeconfig, "utf8")).value as { users: { user: object }[] };
    config.users[0]!.user = { token: await client.requestToken("shop", "reader", {}) };
    await writeFile(file, formatYaml(config));
    const args = ["check", "--kubeconfig", file, "-n", "shop"];
    const { stdout, stderr } = await seaworthy(args, { timeoutMs: 60_000 });
    assert.match(stderr, /^! not looked at, because you may not list them: .* and \d+ more\n$/);
    assert.match(stdout, /1 object in namespace shop of context/);
    assert.match(
      (await seaworthy(["check", "--kubeconfig", file])).stderr,
      /^!?.*SW1004.*no object to look at/m,
    );
  });
});

test("what means nothing together is refused", async () => {
  const refused = async (...args: string[]) => (await seaworthy(["check", ...args])).stderr;
  assert.match(await refused("k8s", "--kubeconfig", "a"), /SW1002.*looks at a cluster, and k8s at files/);
  assert.match(await refused("--fix", "--context", "a"), /SW1002.*nothing into a cluster/);
  assert.match(await refused("-n", "shop", "k8s"), /SW1002.*--namespace chooses in a cluster/);
  assert.match(await refused("--watch", "-"), /SW1002.*does not go with -/);
});
