import assert from "node:assert/strict";
import { test } from "node:test";
import { createKinds } from "@seaworthy/kube";
import type { ApiContext } from "../../api-context.ts";
import { createResources } from "../../create-resources.ts";
import { Store } from "../../store/store.ts";
import { admissionBindings } from "./admission-bindings.ts";
import { matchConditions } from "./match-conditions.ts";

const resource = createResources(createKinds()).find("apps", "v1", "deployments");
assert.ok(resource);
const store = new Store();
store.put("/namespaces", "shop", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
const context = {
  store,
  user: { username: "ada", groups: ["developers"] },
  authorizer: {
    authorize: (user?: { username: string }, asked?: object) => ({
      allowed: user?.username === "system:serviceaccount:shop:robot",
      reason: JSON.stringify(asked),
    }),
  },
} as unknown as ApiContext;
const bindings = admissionBindings(
  context,
  {
    operation: "UPDATE",
    resource,
    subresource: "",
    kind: resource.type,
    namespace: "shop",
    name: "web",
    dryRun: false,
    options: { kind: "UpdateOptions" },
    object: { metadata: { name: "web", namespace: "shop" }, spec: { replicas: 3 } },
    oldObject: undefined,
    warnings: [],
  },
  resource.type,
);

function ask(...expressions: string[]): ReturnType<typeof matchConditions> {
  return matchConditions(
    expressions.map((expression, index) => ({ name: `c${index}`, expression })),
    "Fail",
    bindings,
  );
}

void test("conditions see the request and its objects", () => {
  for (const expression of [
    "object.spec.replicas == 3",
    "oldObject == null",
    "object.metadata.namespace == request.namespace",
    "request.kind.kind == 'Deployment' && request.kind.group == 'apps' && request.operation == 'UPDATE'",
    "request.resource.resource == 'deployments' && request.requestResource.version == 'v1'",
    "request.userInfo.username == 'ada' && 'developers' in request.userInfo.groups",
    "!('system:masters' in request.userInfo.groups)",
    "request.options.kind == 'UpdateOptions' && !request.dryRun",
    "namespaceObject.metadata.name == 'shop'",
    "!has(object.spec.template)",
    "object.?spec.?paused.orValue(false) == false",
  ])
    assert.deepEqual(ask(expression), { matches: true }, expression);
});

void test("conditions ask what somebody may do", () => {
  const robot = "authorizer.serviceAccount('shop', 'robot')";
  assert.deepEqual(ask("!authorizer.requestResource.check('update').allowed()"), { matches: true });
  assert.deepEqual(ask(`${robot}.group('apps').resource('deployments').check('get').allowed()`), {
    matches: true,
  });
  assert.deepEqual(ask(`${robot}.path('/healthz').check('get').reason().contains('/healthz')`), {
    matches: true,
  });
  assert.deepEqual(
    ask(
      "authorizer.group('').resource('pods').subresource('log').namespace('shop').name('web').check('get').reason()" +
        '.contains(\'"subresource":"log","namespace":"shop","name":"web"\')',
    ),
    { matches: true },
  );
});

void test("what is false decides, then errors by the failure policy", () => {
  const conditions = [
    { name: "broken", expression: "object.spec.nope == 1" },
    { name: "small", expression: "object.spec.replicas < 2" },
  ];
  assert.deepEqual(matchConditions(conditions, "Fail", bindings), { matches: false, name: "small" });
  const broken = conditions.slice(0, 1);
  assert.deepEqual(matchConditions(broken, "Ignore", bindings), { matches: false });
  assert.deepEqual(matchConditions(broken, undefined, bindings), {
    error: "expression 'object.spec.nope == 1' resulted in error: no such key: nope",
  });
});

void test("an expression that would take too long is ended", () => {
  const list = `[${Array.from({ length: 60 }, (_, index) => index).join(",")}]`;
  const nested = `${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, a + b + c + d >= 0))))`;
  assert.deepEqual(ask(nested), {
    error: "validation failed due to running out of cost budget, no further validation rules will be run",
  });
});
