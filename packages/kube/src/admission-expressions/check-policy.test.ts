import assert from "node:assert/strict";
import { test } from "node:test";
import { createKinds } from "../kinds/kinds.ts";
import { checkPolicy } from "./check-policy.ts";

const kinds = createKinds();
const apps = { apiGroups: ["apps"], apiVersions: ["v1"] };

function warningsOf(expression: string, resources: readonly string[] = ["deployments"]): string[] {
  const spec = {
    matchConstraints: { resourceRules: [{ ...apps, resources }] },
    validations: [{ expression }],
  };
  return checkPolicy(spec, kinds.findByPath).map(({ fieldRef, warning }) => `${fieldRef} ${warning}`);
}

test("a field that the types which a policy names do not have", () => {
  assert.deepEqual(warningsOf("object.replicas > 1"), [
    "spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^",
  ]);
  const [both = ""] = warningsOf("object.spec.serviceName == 'a'", [
    "statefulsets",
    "replicasets",
    "deployments",
  ]);
  assert.deepEqual(both.match(/Kind=\w+/g), ["Kind=Deployment", "Kind=ReplicaSet"]);
  assert.equal(warningsOf("object.spec.template.spec.containers.all(c, c.imag != '')").length, 1);
});

test("nothing is said of what is there, of maps, of variables, and of types that are not named", () => {
  for (const expression of [
    "object.spec.template.spec.containers.all(c, c.image != '' && has(c.resources.limits))",
    "object.metadata.labels.color == 'red' && object.kind == 'Deployment'",
    "variables.anything.at.all == request.name",
    "oldObject == null || oldObject.spec.replicas <= object.spec.replicas",
  ])
    assert.deepEqual(warningsOf(expression), [], expression);
  assert.deepEqual(warningsOf("object.replicas > 1", ["*"]), []);
  assert.deepEqual(warningsOf("object.replicas > 1", ["deployments/scale", "gadgets"]), []);
});

test("a custom kind has the fields of its schema, and those of every object", () => {
  const schema = {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
  };
  const widget = {
    group: "example.com",
    version: "v1",
    apiVersion: "example.com/v1",
    kind: "Widget",
    openAPIV3Schema: schema,
  };
  const check = (expression: string) =>
    checkPolicy(
      {
        matchConstraints: {
          resourceRules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], resources: ["widgets"] }],
        },
        validations: [{ expression: "true", messageExpression: expression }],
      },
      () => widget as never,
    ).map(({ fieldRef }) => fieldRef);
  assert.deepEqual(check("string(object.spec.size) + object.metadata.name"), []);
  assert.deepEqual(check("string(object.spec.sizes)"), ["spec.validations[0].messageExpression"]);
  assert.deepEqual(check("object.metadata.nam"), ["spec.validations[0].messageExpression"]);
});
