import type { Step } from "../custom-resources/ask-steps.ts";

/** The namespace of the objects that are written. */
export const writesNamespace = "asked-writes";

const configMaps = `/api/v1/namespaces/${writesNamespace}/configmaps`;
const one = `${configMaps}/one`;
const pods = `/api/v1/namespaces/${writesNamespace}/pods`;
const deployments = `/apis/apps/v1/namespaces/${writesNamespace}/deployments`;
const accounts = `/api/v1/namespaces/${writesNamespace}/serviceaccounts`;
const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
const reviews = "/apis/authorization.k8s.io/v1";

/** What is there for every case, and is made anew for each. */
export const objects: readonly { readonly collection: string; readonly body: WrittenObject }[] = [
  {
    collection: configMaps,
    body: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "one", labels: { app: "one" }, finalizers: ["example.com/a", "example.com/b"] },
      data: { a: "1" },
    },
  },
  {
    collection: deployments,
    body: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "web:1" }] },
        },
      },
    },
  },
  {
    collection: classes,
    body: {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "asked-writes" },
      value: 7,
    },
  },
  {
    collection: pods,
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "waits" },
      spec: {
        schedulerName: "nobody",
        automountServiceAccountToken: false,
        containers: [{ name: "c", image: "c:1" }],
      },
    },
  },
];

interface WrittenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const reviewed = {
  user: "jane",
  resourceAttributes: { namespace: writesNamespace, verb: "get", resource: "pods" },
};

/** The requests of each case, which are sent one after the other: what the last one is answered counts. */
export const writeCases: Readonly<Record<string, readonly Step[]>> = {
  ...jsonPatches({
    "replace of an absent field": [{ op: "replace", path: "/data/b", value: "2" }],
    "replace of an absent field below an absent one": [
      { op: "replace", path: "/binaryData/b", value: "AA==" },
    ],
    "replace of an absent map": [{ op: "replace", path: "/metadata/annotations", value: { a: "b" } }],
    "replace of an absent index": [{ op: "replace", path: "/metadata/finalizers/2", value: "example.com/c" }],
    "replace of the last index, from the end": [
      { op: "replace", path: "/metadata/finalizers/-1", value: "example.com/c" },
    ],
    "replace without a value": [{ op: "replace", path: "/metadata/labels" }],
    "replace without a path": [{ op: "replace", value: "1" }],
    "replace of an index that is none": [{ op: "replace", path: "/metadata/finalizers/x", value: "a" }],
    "add at an index": [{ op: "add", path: "/metadata/finalizers/0", value: "example.com/c" }],
    "add at the end": [{ op: "add", path: "/metadata/finalizers/-", value: "example.com/c" }],
    "add before the end": [{ op: "add", path: "/metadata/finalizers/-2", value: "example.com/c" }],
    "add behind the end": [{ op: "add", path: "/metadata/finalizers/3", value: "example.com/c" }],
    "add far before the beginning": [{ op: "add", path: "/metadata/finalizers/-9", value: "example.com/c" }],
    "add at an index that is none": [{ op: "add", path: "/metadata/finalizers/x", value: "example.com/c" }],
    "add at an index with a zero in front": [
      { op: "add", path: "/metadata/finalizers/01", value: "example.com/c" },
    ],
    "add without a value": [{ op: "add", path: "/metadata/labels" }],
    "add without a path": [{ op: "add", value: "1" }],
    "add below an absent field": [{ op: "add", path: "/binaryData/b", value: "AA==" }],
    "add below a text": [{ op: "add", path: "/data/a/b", value: "2" }],
    "add of the whole": [{ op: "add", path: "", value: { data: {} } }],
    "add of a path without a slash": [{ op: "add", path: "data", value: {} }],
    "add of a path with something in front of its slash": [{ op: "add", path: "x/immutable", value: true }],
    "remove of an absent field": [{ op: "remove", path: "/data/b" }],
    "remove below an absent field": [{ op: "remove", path: "/binaryData/b" }],
    "remove of an index": [{ op: "remove", path: "/metadata/finalizers/0" }],
    "remove of an absent index": [{ op: "remove", path: "/metadata/finalizers/2" }],
    "remove of an index that is none": [{ op: "remove", path: "/metadata/finalizers/-" }],
    "remove without a path": [{ op: "remove" }],
    "remove of the whole": [{ op: "remove", path: "" }],
    "test of an absent field": [{ op: "test", path: "/data/b", value: null }],
    "test of an absent field for a value": [{ op: "test", path: "/data/b", value: "1" }],
    "test that fails": [{ op: "test", path: "/data/a", value: "2" }],
    "test of null": [{ op: "test", path: "/data/a", value: null }],
    "test below an absent field": [{ op: "test", path: "/binaryData/b", value: "1" }],
    "test of an absent index": [{ op: "test", path: "/metadata/finalizers/7", value: "1" }],
    "test that holds": [
      { op: "test", path: "/metadata/finalizers", value: ["example.com/a", "example.com/b"] },
      { op: "add", path: "/data/b", value: "2" },
    ],
    "copy of a field": [{ op: "copy", from: "/data/a", path: "/data/b" }],
    "copy of an absent field": [{ op: "copy", from: "/data/x", path: "/data/b" }],
    "copy from below an absent field": [{ op: "copy", from: "/binaryData/x", path: "/data/b" }],
    "copy to below an absent field": [{ op: "copy", from: "/data/a", path: "/binaryData/b" }],
    "copy to an absent index": [{ op: "copy", from: "/data/a", path: "/metadata/finalizers/9" }],
    "copy without a from": [{ op: "copy", path: "/data/b" }],
    "copies that grow": [
      { op: "add", path: "/data/b", value: "x".repeat(200_000) },
      ...Array.from({ length: 20 }, (_, index) => ({ op: "copy", from: "/data/b", path: `/data/c${index}` })),
    ],
    "move of a field": [{ op: "move", from: "/data/a", path: "/data/b" }],
    "move of an absent field": [{ op: "move", from: "/data/x", path: "/data/b" }],
    "move to where it was": [{ op: "move", from: "/data/a", path: "/data/a" }],
    "move into itself": [{ op: "move", from: "/data", path: "/data/b" }],
    "move without a from": [{ op: "move", path: "/data/b" }],
    "an operation of another name": [{ op: "swap", path: "/data/a" }],
    "an operation without a name": [{ path: "/data/a" }],
    "an operation whose path is a number": [{ op: "add", path: 5, value: 1 }],
    "an operation that is a text": ["add"],
    "no list": { op: "add", path: "/data/b", value: "2" },
    "a number for a text": [{ op: "add", path: "/data/b", value: 2 }],
    "a list for a map": [{ op: "add", path: "/data", value: [] }],
    "an unknown field": [{ op: "add", path: "/date", value: {} }],
    "more operations than are taken": Array.from({ length: 10_001 }, () => ({
      op: "add",
      path: "/data/b",
      value: "2",
    })),
  }),
  "merge patch, a number for a text": [patch(one, { data: { b: 2 } })],
  "merge patch, an unknown field": [patch(one, { date: {} }, { fieldValidation: "Strict" })],
  "strategic patch, a number for a text": [patch(one, { data: { b: 2 } }, {}, "strategic-merge-patch+json")],
  "strategic patch, an unknown field": [
    patch(one, { date: {}, data: { b: "2" } }, { fieldValidation: "Strict" }, "strategic-merge-patch+json"),
  ],
  ...inNamespaces("create", (metadata) => [
    { method: "POST", at: configMaps, body: { metadata: { ...metadata, name: "two" } } },
  ]),
  ...inNamespaces("create with a revision", (metadata) => [
    {
      method: "POST",
      at: configMaps,
      body: { metadata: { ...metadata, name: "two", resourceVersion: "1" } },
    },
  ]),
  ...inNamespaces("put", (metadata) => [
    { method: "PUT", at: one, body: { metadata: { ...metadata, name: "one" }, data: { a: "2" } } },
  ]),
  ...inNamespaces("put of another name", (metadata) => [
    { method: "PUT", at: one, body: { metadata: { ...metadata, name: "two" } } },
  ]),
  ...inNamespaces("put of a status", (metadata) => [
    { method: "PUT", at: `${pods}/waits/status`, body: { metadata: { ...metadata, name: "waits" } } },
  ]),
  ...inNamespaces("merge patch", (metadata) => [patch(one, { metadata, data: { a: "2" } })]),
  ...inNamespaces("apply", (metadata) => [
    patch(
      `${configMaps}/two`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name: "two" }, data: { a: "2" } },
      { fieldManager: "me" },
      "apply-patch+yaml",
    ),
  ]),
  ...inNamespaces("create of what has none", (metadata) => [
    { method: "POST", at: classes, body: { metadata: { ...metadata, name: "asked-writes-two" }, value: 7 } },
  ]),
  ...inNamespaces("put of what has none", (metadata) => [
    {
      method: "PUT",
      at: `${classes}/asked-writes`,
      body: { metadata: { ...metadata, name: "asked-writes" }, value: 7, description: "seven" },
    },
  ]),
  ...inNamespaces("patch of what has none", (metadata) => [
    patch(`${classes}/asked-writes`, { metadata, description: "seven" }),
  ]),
  ...inNamespaces("put of a namespace", (metadata) => [
    {
      method: "PUT",
      at: `/api/v1/namespaces/${writesNamespace}`,
      query: { dryRun: "All" },
      body: { metadata: { ...metadata, name: writesNamespace, labels: { a: "b" } } },
    },
  ]),
  ...inNamespaces("put of a scale", (metadata) => [
    {
      method: "PUT",
      at: `${deployments}/web/scale`,
      body: { metadata: { ...metadata, name: "web" }, spec: { replicas: 0 } },
    },
  ]),
  ...inNamespaces("patch of a scale", (metadata) => [
    patch(`${deployments}/web/scale`, { metadata, spec: { replicas: 0 } }),
  ]),
  "put of a scale: without a name": [
    { method: "PUT", at: `${deployments}/web/scale`, body: { spec: { replicas: 0 } } },
  ],
  "put of a scale: of another name": [
    { method: "PUT", at: `${deployments}/web/scale`, body: { metadata: { name: "two" } } },
  ],
  ...inNamespaces("bind", (metadata) => [
    {
      method: "POST",
      at: `${pods}/waits/binding`,
      query: { dryRun: "All" },
      body: { metadata: { ...metadata, name: "waits" }, target: { kind: "Node", name: "nobody" } },
    },
  ]),
  ...inNamespaces("evict", (metadata) => [
    {
      method: "POST",
      at: `${pods}/waits/eviction`,
      query: { dryRun: "All" },
      body: { metadata: { ...metadata, name: "waits" } },
    },
  ]),
  ...inNamespaces("ask for the token of nobody", (metadata) => [
    { method: "POST", at: `${accounts}/nobody/token`, body: { metadata, spec: {} } },
  ]),
  ...inNamespaces("review", (metadata) => [
    { method: "POST", at: `${reviews}/subjectaccessreviews`, body: { metadata, spec: reviewed } },
  ]),
  ...inNamespaces("review in a namespace", (metadata) => [
    {
      method: "POST",
      at: `${reviews}/namespaces/${writesNamespace}/localsubjectaccessreviews`,
      body: { metadata, spec: reviewed },
    },
  ]),
  ...Object.fromEntries(
    Object.entries({
      "no bytes": [],
      "bytes as numbers": [1, 2],
      "a number that is no byte": [300],
      "a text among bytes": ["AA=="],
      "a text that is not base64": "a",
      null: null,
      "an object": {},
      "a number": 5,
    }).map(([name, value]) => [
      `bytes: ${name}`,
      [
        {
          method: "POST",
          at: `/api/v1/namespaces/${writesNamespace}/secrets`,
          query: { dryRun: "All" },
          body: { metadata: { name: "bytes" }, data: { a: value } },
        },
      ] satisfies Step[],
    ]),
  ),
};

function jsonPatches(patches: Readonly<Record<string, unknown>>): Record<string, readonly Step[]> {
  return Object.fromEntries(
    Object.entries(patches).map(([name, body]) => [
      `json patch: ${name}`,
      [patch(one, body, {}, "json-patch+json")],
    ]),
  );
}

function patch(
  at: string,
  body: unknown,
  query: Readonly<Record<string, string>> = {},
  type = "merge-patch+json",
): Step {
  return { method: "PATCH", at, type, query, body };
}

function inNamespaces(
  name: string,
  stepsOf: (metadata: { readonly namespace?: string }) => readonly Step[],
): Record<string, readonly Step[]> {
  return {
    [`${name}: its namespace`]: stepsOf({ namespace: writesNamespace }),
    [`${name}: no namespace`]: stepsOf({}),
    [`${name}: an empty namespace`]: stepsOf({ namespace: "" }),
    [`${name}: another namespace`]: stepsOf({ namespace: "default" }),
  };
}
