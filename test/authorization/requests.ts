import type { ApiRequest } from "@seaworthy/client";

/** A request whose answer is compared. Requests are sent in their order, for later ones need what earlier ones made. */
export interface AskedRequest {
  readonly method: ApiRequest["method"];
  readonly path: string;
  /** As whom the administrator sends it: `user`, or `user+group+group`. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const namespace = "asked-one";
const rbac = "/apis/rbac.authorization.k8s.io/v1";
const inNamespace = `/api/v1/namespaces/${namespace}`;
const reviews = "/apis/authorization.k8s.io/v1";
const identities = "/apis/authentication.k8s.io/v1";

function get(path: string, as?: string, headers?: AskedRequest["headers"]): AskedRequest {
  return {
    method: "GET",
    path,
    ...(as === undefined ? {} : { as }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function post(path: string, body: unknown, as?: string, headers?: AskedRequest["headers"]): AskedRequest {
  return { ...get(path, as, headers), method: "POST", body };
}

function review(kind: string, spec: unknown, as?: string, home = reviews): AskedRequest {
  const apiVersion = home.startsWith(identities) ? "authentication.k8s.io/v1" : "authorization.k8s.io/v1";
  return post(`${home}/${kind.toLowerCase()}s`, { kind, apiVersion, spec }, as);
}

function rbacObject(kind: string, name: string, more: object, as?: string): AskedRequest {
  const isNamespaced = !kind.startsWith("Cluster");
  const home = isNamespaced ? `${rbac}/namespaces/${namespace}` : rbac;
  const body = { kind, apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name }, ...more };
  return post(`${home}/${kind.toLowerCase()}s`, body, as);
}

function binding(kind: string, name: string, role: string, as?: string): AskedRequest {
  const apiGroup = "rbac.authorization.k8s.io";
  const [roleKind, roleName] = role.split("/");
  const subjects = [{ kind: "User", apiGroup, name: kind === "RoleBinding" ? "x" : "jane" }];
  return rbacObject(kind, name, { roleRef: { apiGroup, kind: roleKind, name: roleName }, subjects }, as);
}

function token(spec: unknown, account = "default", metadata?: unknown, as?: string): AskedRequest {
  const body = { kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1", metadata, spec };
  return post(`${inNamespace}/serviceaccounts/${account}/token`, body, as);
}

const merge = { "content-type": "application/merge-patch+json" };
const whoAmI = (as?: string, headers?: AskedRequest["headers"]) =>
  post(
    `${identities}/selfsubjectreviews`,
    { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" },
    as,
    headers,
  );
const pods = { apiGroups: [""], resources: ["pods"] };

/** Before the others, and not compared. */
export const preparations: readonly AskedRequest[] = [
  post("/api/v1/namespaces", { kind: "Namespace", apiVersion: "v1", metadata: { name: namespace } }),
  post(`${inNamespace}/secrets`, { kind: "Secret", apiVersion: "v1", metadata: { name: "s" } }),
  rbacObject("ClusterRole", "asked-writer", {
    rules: [
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["*"], verbs: ["create", "patch", "update"] },
      { ...pods, verbs: ["get"] },
      { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["a"], verbs: ["get", "list"] },
      { nonResourceURLs: ["/foo/*"], verbs: ["get"] },
    ],
  }),
  binding("ClusterRoleBinding", "asked-writer", "ClusterRole/asked-writer"),
  rbacObject("Role", "updater", {
    rules: [
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["update"] },
      { ...pods, verbs: ["get"] },
    ],
  }),
  {
    ...binding("RoleBinding", "updater", "Role/updater"),
    body: {
      kind: "RoleBinding",
      apiVersion: "rbac.authorization.k8s.io/v1",
      metadata: { name: "updater" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "updater" },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "una" }],
    },
  },
];

/** After the others, and not compared. */
export const endings: readonly AskedRequest[] = [
  { method: "DELETE", path: `/api/v1/namespaces/${namespace}` },
  { method: "DELETE", path: `${rbac}/clusterrolebindings/asked-writer` },
  { method: "DELETE", path: `${rbac}/clusterroles/asked-writer` },
  { method: "DELETE", path: `${rbac}/clusterroles/asked-a` },
  { method: "DELETE", path: `${rbac}/clusterroles/asked-f` },
];

/** What is asked, under the name of what it is about. */
export const requests: Readonly<Record<string, readonly AskedRequest[]>> = {
  forbidden: [
    ...[
      `${inNamespace}/pods`,
      `${inNamespace}/pods/x`,
      `${inNamespace}/pods/x/log`,
      `${inNamespace}/pods?fieldSelector=metadata.name%3Dfoo`,
      "/api/v1/pods",
      "/api/v1/nodes/x",
      "/api/v1/namespaces",
      "/api/v1/namespaces/x",
      "/api/v1/watch/pods",
      "/api/v1/proxy/namespaces/x/pods/y",
      "/apis/apps/v1/deployments?watch=true",
      `/apis/apps/v1/namespaces/${namespace}`,
      `/apis/apps/v1/namespaces/${namespace}/deployments/x/scale`,
      "/apis/nope.io/v1/foos",
      "/apis/nope.io/v1/namespaces/x/foos/y/z",
      "/metrics",
      "/logs/",
      "/healthz/ping",
    ].map((path) => get(path, "joe")),
    get("/api/v1/pods", 'we"ird <x>\\'),
    post(`${inNamespace}/pods`, { nonsense: 1 }, "joe"),
    post(`${inNamespace}/pods/x/exec?command=ls`, {}, "joe"),
    post("/nope", {}, "joe"),
    { ...get(`${inNamespace}/pods`, "joe"), method: "DELETE" },
    { ...post(`${inNamespace}/pods/x/status`, {}, "joe"), method: "PUT" },
    { ...post(`${inNamespace}/pods/x`, {}, "joe", merge), method: "PATCH" },
    get("/api/v1/pods", "system:anonymous"),
    get("/livez", "system:anonymous"),
    get("/openapi/v2", "system:anonymous"),
  ],
  impersonation: [
    whoAmI("jane"),
    whoAmI("jane+devs+ops"),
    whoAmI(`system:serviceaccount:${namespace}:default`),
    whoAmI(`system:serviceaccount:${namespace}:default+devs`),
    whoAmI("system:anonymous"),
    whoAmI("jane+system:unauthenticated"),
    whoAmI("jane", {
      "impersonate-uid": "u1",
      "impersonate-extra-scopes": "a",
      "impersonate-extra-acme.com%2Fproject": "b",
    }),
    whoAmI(undefined, { "impersonate-uid": "u1" }),
    whoAmI(undefined, { "impersonate-group": "u1" }),
    whoAmI(undefined, { "impersonate-extra-a": "b" }),
  ],
  "reviews of access": [
    ...[
      { resourceAttributes: { verb: "get", resource: "pods", namespace } },
      { nonResourceAttributes: { verb: "get", path: "/apis" } },
      {},
      { resourceAttributes: { verb: "get" }, nonResourceAttributes: { verb: "get", path: "/version" } },
      { resourceAttributes: { verb: "get", fieldSelector: { requirements: [{ key: "a", operator: "X" }] } } },
    ].map((spec) => review("SelfSubjectAccessReview", spec, "joe")),
    ...[
      { user: "joe", groups: ["system:masters"], resourceAttributes: { verb: "get", resource: "pods" } },
      {
        user: "joe",
        groups: ["system:authenticated"],
        nonResourceAttributes: { verb: "get", path: "/api/x" },
      },
      { resourceAttributes: { verb: "get", resource: "pods" } },
      {
        user: "joe",
        uid: "1",
        extra: { a: ["b"] },
        resourceAttributes: {
          verb: "*",
          group: "*",
          resource: "*",
          version: "*",
          name: "x",
          subresource: "s",
        },
      },
    ].map((spec) => review("SubjectAccessReview", spec)),
    review("SubjectAccessReview", { user: "joe", resourceAttributes: { verb: "get" } }, "joe"),
    ...[
      { user: "joe", resourceAttributes: { verb: "get", resource: "pods" } },
      { user: "joe", resourceAttributes: { verb: "get", resource: "pods", namespace } },
      { user: "joe", nonResourceAttributes: { verb: "get", path: "/x" } },
    ].map((spec) =>
      review("LocalSubjectAccessReview", spec, undefined, `${reviews}/namespaces/${namespace}`),
    ),
    get(`${reviews}/subjectaccessreviews`),
    post(`${reviews}/subjectaccessreviews`, { kind: "Pod", apiVersion: "v1" }),
  ],
  "reviews of rules": [
    review("SelfSubjectRulesReview", { namespace }, "nobody"),
    review("SelfSubjectRulesReview", { namespace }, "jane"),
    review("SelfSubjectRulesReview", {}, "jane"),
  ],
  "reviews of tokens": [
    review("TokenReview", { token: "abc" }, undefined, identities),
    review("TokenReview", {}, undefined, identities),
    review("TokenReview", { token: "abc" }, "joe", identities),
  ],
  "tokens asked for": [
    token({}),
    token({ audiences: ["a", "b"], expirationSeconds: 600 }),
    token({ expirationSeconds: 300 }),
    token({ expirationSeconds: 2 ** 33 }),
    token({}, "nosuch"),
    token({}, "default", { namespace: "x" }),
    token({}, "default", { name: "other" }),
    ...["Pod", "Secret", "Node", "ConfigMap"].map((kind) =>
      token({ boundObjectRef: { kind, apiVersion: "v1", name: "nope" } }),
    ),
    token({ boundObjectRef: { kind: "Deployment", apiVersion: "apps/v1", name: "nope" } }),
    token({ boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "s", uid: "wrong" } }),
    token({}, "default", undefined, "joe"),
  ],
  "rights given away": [
    rbacObject("ClusterRole", "asked-a", { rules: [{ ...pods, verbs: ["get"] }] }, "jane"),
    rbacObject(
      "ClusterRole",
      "asked-b",
      { rules: [{ apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list"] }] },
      "jane",
    ),
    rbacObject(
      "ClusterRole",
      "asked-b",
      {
        rules: [
          { apiGroups: ["", "apps"], resources: ["pods", "deployments"], verbs: ["*"] },
          { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["a", "b"], verbs: ["get"] },
        ],
      },
      "jane",
    ),
    rbacObject(
      "ClusterRole",
      "asked-c",
      { rules: [{ nonResourceURLs: ["/foo/bar", "/bar"], verbs: ["get", "post"] }] },
      "jane",
    ),
    rbacObject(
      "ClusterRole",
      "asked-d",
      { rules: [], aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } },
      "jane",
    ),
    rbacObject(
      "ClusterRole",
      "asked-e",
      {
        rules: [
          { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
          { nonResourceURLs: ["*"], verbs: ["*"] },
        ],
      },
      "jane+devs",
    ),
    rbacObject("ClusterRole", "asked-f", { rules: [{ ...pods, verbs: ["delete"] }] }, "jane+system:masters"),
    rbacObject(
      "Role",
      "r1",
      { rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }] },
      "jane",
    ),
    rbacObject("Role", "r2", { rules: [{ ...pods, verbs: ["get"] }] }, "jane"),
    {
      ...post(
        `${rbac}/namespaces/${namespace}/roles/r2`,
        { rules: [{ ...pods, verbs: ["list"] }] },
        "jane",
        merge,
      ),
      method: "PATCH",
    },
    {
      ...post(
        `${rbac}/namespaces/${namespace}/roles/r2`,
        { metadata: { labels: { a: "b" } } },
        "jane",
        merge,
      ),
      method: "PATCH",
    },
    binding("RoleBinding", "b1", "ClusterRole/view", "jane"),
    binding("RoleBinding", "b2", "ClusterRole/asked-a", "jane"),
    binding("RoleBinding", "b3", "ClusterRole/nosuch", "jane"),
    binding("RoleBinding", "b4", "Role/nosuch", "jane"),
    binding("RoleBinding", "b5", "Role/nosuch"),
    binding("ClusterRoleBinding", "b6", "ClusterRole/cluster-admin", "jane"),
    get(`${inNamespace}/configmaps`, "x"),
    {
      // PUT of what is not there creates it.
      ...post(
        `${rbac}/namespaces/${namespace}/roles/r3`,
        {
          kind: "Role",
          apiVersion: "rbac.authorization.k8s.io/v1",
          metadata: { name: "r3" },
          rules: [{ ...pods, verbs: ["get"] }],
        },
        "una",
      ),
      method: "PUT",
    },
  ],
};
