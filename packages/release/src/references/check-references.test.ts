import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveOut } from "@seaworthy/app";
import { ApiError, type KubeClient, type ResourceType } from "@seaworthy/client";
import { formatNotice, SeaworthyError } from "@seaworthy/errors";
import { parseManifests, type KubeObject, actsUpon } from "@seaworthy/kube";
import { checkReferences } from "./check-references.ts";

/** What a cluster has, as `Kind namespace/name`; `forbidden` kinds may not be read. */
interface Fake {
  readonly objects?: Readonly<Record<string, object>>;
  readonly forbidden?: readonly string[];
}

function client({ objects = {}, forbidden = [] }: Fake): KubeClient {
  const check = (type: ResourceType) => {
    if (forbidden.includes(type.kind)) throw new ApiError({ reason: "Forbidden" }, 403, "GET");
  };
  return {
    async get(type: ResourceType, namespace: string | undefined, name: string) {
      check(type);
      const found = objects[`${type.kind} ${namespace ?? ""}/${name}`];
      if (found === undefined) throw new ApiError({ details: { name } }, 404, "GET");
      return found as KubeObject;
    },
    async list(type: ResourceType, { namespace }: { namespace: string }) {
      check(type);
      const prefix = `${type.kind} ${namespace}/`;
      const names = Object.keys(objects).filter((each) => each.startsWith(prefix));
      return { items: names.map((each) => ({ metadata: { name: each.slice(prefix.length) } })) };
    },
  } as unknown as KubeClient;
}

/** A Deployment with one container and the given lines of YAML in its pod's spec. */
const deployment = (podSpec: string, kind = "Deployment") => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: shop}
spec:
  template:
    spec:
${podSpec.replace(/^/gm, "      ")}
---
`;
const containers = (fields: string) => deployment(`containers:\n- name: app\n${fields.replace(/^/gm, "  ")}`);
const volume = (source: string) => deployment(`containers: [{name: app}]\nvolumes:\n- name: v\n  ${source}`);
const object = (kind: string, name: string, data = "{}", namespace = "default") =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: ${data}\n---\n`;

async function check(text: string, cluster: Fake = {}, { real = false } = {}) {
  const set = leaveOut(parseManifests("a.yaml", text), { allowCustomKinds: real });
  const notices: string[] = [];
  let errors: SeaworthyError[] = [];
  await checkReferences(set, {
    kind: real ? "kubeconfig" : "embedded",
    client: client(cluster),
    namespace: "default",
    runs: real ? () => true : actsUpon,
    onNotice: (notice) => notices.push(formatNotice(notice, { all: true })),
  }).catch((error: unknown) => {
    errors = (error instanceof AggregateError ? error.errors : [error]) as SeaworthyError[];
    for (const each of errors) if (!(each instanceof SeaworthyError)) throw each;
  });
  return {
    notices,
    errors,
    told: errors.map(({ code, message, details }) => `${code} ${details.place?.line} ${message}`),
  };
}

const wrong: readonly [name: string, text: string, told: string][] = [
  [
    "a Secret volume",
    volume("secret: {secretName: keys}"),
    "SW1204 10 Secret keys does not exist in namespace default",
  ],
  [
    "a ConfigMap volume",
    volume("configMap: {name: conf}"),
    "SW1204 10 ConfigMap conf does not exist in namespace default",
  ],
  [
    "a projected Secret",
    volume("projected: {sources: [{secret: {name: keys}}]}"),
    "SW1204 10 Secret keys does not exist in namespace default",
  ],
  [
    "a claim",
    volume("persistentVolumeClaim: {claimName: disk}"),
    "SW1204 10 PersistentVolumeClaim disk does not exist in namespace default",
  ],
  [
    "a ServiceAccount",
    deployment("serviceAccountName: robot\ncontainers: []"),
    "SW1204 7 ServiceAccount robot does not exist in namespace default",
  ],
  [
    "an env variable",
    containers("env:\n- name: A\n  valueFrom: {secretKeyRef: {name: keys, key: a}}"),
    "SW1204 11 Secret keys does not exist in namespace default",
  ],
  [
    "envFrom",
    containers("envFrom:\n- configMapRef: {name: conf}"),
    "SW1204 10 ConfigMap conf does not exist in namespace default",
  ],
  [
    "an init container",
    deployment("initContainers: [{name: i, envFrom: [{secretRef: {name: keys}}]}]\ncontainers: []"),
    "SW1204 7 Secret keys does not exist in namespace default",
  ],
  [
    "one in another namespace",
    volume("secret: {secretName: keys}") + object("Secret", "keys", "{}", "other"),
    "SW1204 10 Secret keys does not exist in namespace default",
  ],
  [
    "a key",
    containers("env:\n- name: A\n  valueFrom: {configMapKeyRef: {name: conf, key: b}}") +
      object("ConfigMap", "conf", '{a: "1"}'),
    "SW1205 11 ConfigMap conf has no key b",
  ],
  [
    "a key of a volume",
    volume("secret: {secretName: keys, items: [{key: b, path: b}]}") + object("Secret", "keys", "{a: MQ==}"),
    "SW1205 10 Secret keys has no key b",
  ],
];

for (const [name, text, told] of wrong) {
  test(`${name} that is missing is an error at its line`, async () => {
    assert.deepEqual((await check(text)).told, [told]);
  });
}

const good: readonly [name: string, text: string][] = [
  [
    "optional ones",
    volume("secret: {secretName: keys, optional: true}") +
      containers(
        "envFrom:\n- secretRef: {name: b, optional: true}\nenv:\n- name: A\n  valueFrom: {secretKeyRef: {name: a, key: a, optional: true}}",
      ),
  ],
  [
    "what is among the files",
    volume("secret: {secretName: keys, items: [{key: a, path: a}]}") + object("Secret", "keys", "{a: MQ==}"),
  ],
  [
    "stringData",
    containers("env:\n- name: A\n  valueFrom: {secretKeyRef: {name: s, key: a}}") +
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: x}\n",
  ],
  [
    "what every namespace has",
    deployment(
      "serviceAccountName: default\ncontainers: []\nvolumes: [{name: ca, configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: x}]}}]",
    ),
  ],
  [
    "claims of a StatefulSet",
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  template: {spec: {containers: [], volumes: [{name: data, persistentVolumeClaim: {claimName: x}}]}}\n`,
  ],
];

for (const [name, text] of good) {
  test(`${name} are no fault`, async () => {
    assert.deepEqual(await check(text, {}, { real: true }), { notices: [], errors: [], told: [] });
  });
}

test("a real cluster is asked, for objects and for their keys", async () => {
  const text = containers(
    "env:\n- name: A\n  valueFrom: {configMapKeyRef: {name: conf, key: port}}\nenvFrom:\n- secretRef: {name: keys}",
  );
  const objects = { "ConfigMap default/conf": { data: { prt: "1" } }, "Secret default/keyz": {} };
  const { errors, told } = await check(text, { objects }, { real: true });
  assert.deepEqual(told, [
    "SW1205 11 ConfigMap conf has no key port",
    "SW1204 13 Secret keys does not exist in namespace default",
  ]);
  assert.deepEqual(
    errors.map(({ details }) => details.place?.label),
    ["did you mean prt?", "did you mean keyz?"],
  );
  assert.deepEqual((await check(text, { forbidden: ["Secret", "ConfigMap"] }, { real: true })).told, []);
});

test("one missing object is one error, however often it is asked for", async () => {
  const env = (name: string) => `- name: ${name}\n  valueFrom: {secretKeyRef: {name: db, key: ${name}}}`;
  const { errors } = await check(containers(`env:\n${env("a")}\n${env("b")}\n${env("c")}`));
  assert.equal(errors.length, 1);
  assert.ok(
    errors[0]?.details.seen?.includes("also asked for at a.yaml:13, a.yaml:15"),
    String(errors[0]?.details.seen),
  );
});

test("what a left-out custom kind would make is missing here, and may come on a real cluster", async () => {
  const certificate = `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: web}\nspec: {secretName: web-tls}\n---\n`;
  const external = `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db}\nspec: {target: {name: db-login}}\n---\n`;
  const text =
    volume("secret: {secretName: web-tls}") +
    containers("envFrom:\n- secretRef: {name: db-login}") +
    certificate +
    external;
  const { errors } = await check(text);
  assert.equal(errors.length, 2);
  assert.match(
    errors[0]?.details.seen?.[0] ?? "",
    /^Certificate web would make it, and is left out here \(a\.yaml:\d+\)$/,
  );
  assert.match(errors[1]?.details.seen?.[0] ?? "", /^ExternalSecret db /);
  assert.deepEqual((await check(text, {}, { real: true })).told, []);
});

test("what Kubernetes can do without is a notice, one for each kind", async () => {
  const text = deployment(
    "priorityClassName: high\nruntimeClassName: gvisor\nimagePullSecrets: [{name: a}, {name: b}]\ncontainers: []",
  );
  const { notices, errors } = await check(text);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    notices.map((line) => line.replace(/^(\w+).*: /, "$1: ")),
    ["PriorityClasses: high", "RuntimeClasses: gvisor", "imagePullSecrets: a, b"],
  );
  assert.deepEqual(
    (await check(deployment("priorityClassName: system-node-critical\ncontainers: []"))).notices,
    [],
  );
});

test("pods that the embedded cluster does not run need nothing", async () => {
  const own = deployment("containers: []\nserviceAccountName: robot", "Fleet");
  const job = own.replace("apps/v1", "example.com/v1");
  assert.deepEqual((await check(job)).told, []);
  assert.equal((await check(job, {}, { real: true })).told.length, 1);
});

test("a real cluster without the IngressClass is told; the embedded edge serves every class", async () => {
  const ingress = (name: string, className: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}}\nspec: {ingressClassName: ${className}}\n---\n`;
  const text = ingress("a", "alb") + ingress("b", "alb") + ingress("c", "nginx");
  const { notices } = await check(text, { objects: { "IngressClass /nginx": {} } }, { real: true });
  assert.deepEqual(notices, [
    "IngressClasses that are not there, so that no controller serves their Ingresses: alb",
  ]);
  assert.deepEqual((await check(text)).notices, []);
});

test("volumes that a network or a driver would fill are told, all in one line", async () => {
  const text =
    volume("nfs: {server: files, path: /}") +
    volume("csi: {driver: secrets-store.csi.k8s.io}") +
    volume("emptyDir: {}");
  assert.deepEqual((await check(text)).notices, ["volumes that are empty folders here: nfs v, csi v"]);
  assert.deepEqual((await check(text, {}, { real: true })).notices, []);
});

test("a StorageClass that claims name is made here, and elsewhere they wait, unless there is such a volume", async () => {
  const claim = (storageClass: string) =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: files}\nspec: {storageClassName: ${storageClass}}\n---\n`;
  const set = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template: {spec: {containers: []}}\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {storageClassName: fast}\n---\n`;
  const volume = `apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk}\nspec: {storageClassName: manual}\n---\n`;
  const text = claim("cephfs") + set + claim("shared") + claim("manual") + volume + claim('""');
  const objects = { "StorageClass /shared": {} };
  const { notices } = await check(text, { objects });
  assert.equal(notices.length, 1);
  assert.match(
    notices[0] ?? "",
    /^StorageClasses that are not there, so that they are made here.*: cephfs, fast$/,
  );
  const elsewhere = (await check(text, { objects }, { real: true })).notices;
  assert.match(elsewhere[0] ?? "", /so that claims of them wait.*: cephfs, fast$/);
});
