import assert from "node:assert/strict";
import { test } from "node:test";
import { createKinds, type JsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { createResources } from "../../create-resources.ts";
import { Store } from "../../store/store.ts";
import type { AdmissionRequest } from "../admission-request.ts";
import { matchRequest, mayMatch, type RequestChoice } from "./match-request.ts";
import type { AdmissionRule } from "./matches-rule.ts";

const resources = createResources(createKinds());
const store = new Store();
store.put("/namespaces", "shop", {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels: { env: "prod" } },
});
const context = { store } as unknown as ApiContext;

function request(changes: Partial<AdmissionRequest> & { readonly path?: string } = {}): AdmissionRequest {
  const { path = "apps/v1/deployments", ...rest } = changes;
  const [group = "", version = "", plural = ""] = path.split("/");
  const resource = resources.find(group, version, plural);
  assert.ok(resource);
  return {
    operation: "CREATE",
    resource,
    subresource: "",
    kind: resource.type,
    namespace: "shop",
    name: "web",
    dryRun: false,
    object: { metadata: { labels: { app: "web" } } },
    oldObject: undefined,
    warnings: [],
    ...rest,
  };
}

const deployments: AdmissionRule = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments"],
};

function chosen(rule: AdmissionRule, changes: Parameters<typeof request>[0] = {}): boolean {
  return matchRequest(context, { resourceRules: [rule] }, request(changes)) !== undefined;
}

void test("a rule is about operations, groups, versions and resources", () => {
  assert.ok(chosen(deployments));
  assert.ok(!chosen(deployments, { operation: "DELETE" }));
  assert.ok(chosen({ ...deployments, operations: ["*"] }, { operation: "DELETE" }));
  assert.ok(!chosen({ ...deployments, apiGroups: [""] }));
  assert.ok(!chosen({ ...deployments, apiVersions: ["v2"] }));
  assert.ok(chosen({ ...deployments, apiVersions: ["*"] }));
  assert.ok(!chosen(deployments, { path: "apps/v1/statefulsets" }));
});

void test("a subresource is named, or a star stands for it", () => {
  const status = { operation: "UPDATE", subresource: "status" } as const;
  const asked = (resource: string, changes: Parameters<typeof request>[0]) =>
    chosen({ ...deployments, resources: [resource] }, changes);
  assert.ok(!asked("deployments", status));
  assert.ok(!asked("*", status));
  for (const resource of ["deployments/status", "deployments/*", "*/status", "*/*"])
    assert.ok(asked(resource, status), resource);
  assert.ok(asked("deployments/*", {}), "a star stands for no subresource, too");
  assert.ok(!asked("*/scale", {}));
});

void test("a Namespace is of the cluster, whatever namespace its request is in", () => {
  const rule = { ...deployments, apiGroups: ["*"], resources: ["*"] };
  const namespace = { path: "/v1/namespaces", namespace: "shop", name: "shop" };
  assert.ok(chosen({ ...rule, scope: "Cluster" }, namespace));
  assert.ok(!chosen({ ...rule, scope: "Namespaced" }, namespace));
  assert.ok(chosen({ ...rule, scope: "Namespaced" }));
  assert.ok(!chosen({ ...rule, scope: "Cluster" }));
});

void test("names choose objects, and not what may match before the name is known", () => {
  const rule = { ...deployments, resourceNames: ["api"] };
  assert.ok(!chosen(rule));
  assert.ok(chosen(rule, { name: "api" }));
  assert.ok(mayMatch({ resourceRules: [rule] }, request()));
});

void test("another version of the kind is chosen where the policy takes equivalents", () => {
  const rule = {
    ...deployments,
    apiGroups: ["autoscaling"],
    apiVersions: ["v1"],
    resources: ["horizontalpodautoscalers"],
  };
  const autoscaler = request({ path: "autoscaling/v2/horizontalpodautoscalers" });
  assert.equal(matchRequest(context, { resourceRules: [rule] }, autoscaler)?.version, "v1");
  assert.equal(matchRequest(context, { resourceRules: [rule], matchPolicy: "Exact" }, autoscaler), undefined);
});

void test("rules that exclude win, and no rules choose all", () => {
  const choice: RequestChoice = {
    resourceRules: [deployments],
    excludeResourceRules: [{ ...deployments, resourceNames: ["web"] }],
  };
  assert.equal(matchRequest(context, choice, request()), undefined);
  assert.ok(matchRequest(context, choice, request({ name: "api" })));
  assert.ok(matchRequest(context, {}, request()));
});

void test("the object or the old one has the labels", () => {
  const choice = { objectSelector: { matchLabels: { app: "web" } } };
  const other: JsonObject = { metadata: { labels: { app: "api" } } };
  assert.ok(matchRequest(context, choice, request()));
  assert.equal(matchRequest(context, choice, request({ object: other })), undefined);
  const old: JsonObject = { metadata: { labels: { app: "web" } } };
  assert.ok(matchRequest(context, choice, request({ object: other, oldObject: old })));
});

void test("the namespace has the labels; what is in none is always chosen", () => {
  const prod = { namespaceSelector: { matchLabels: { env: "prod" } } };
  const test = { namespaceSelector: { matchLabels: { env: "test" } } };
  assert.ok(matchRequest(context, prod, request()));
  assert.equal(matchRequest(context, test, request()), undefined);
  assert.ok(matchRequest(context, test, request({ path: "/v1/nodes", namespace: undefined })));
  const namespace = request({ path: "/v1/namespaces", object: { metadata: { labels: { env: "test" } } } });
  assert.ok(matchRequest(context, test, namespace), "a new Namespace is chosen by what it will be");
  assert.throws(() => matchRequest(context, prod, request({ namespace: "gone" })), {
    message: 'namespaces "gone" not found',
  });
});
