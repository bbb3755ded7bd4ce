import assert from "node:assert/strict";
import { test } from "node:test";
import type { Transport } from "@seaworthy/client";
import type { JsonObject } from "@seaworthy/kube";
import { startApi } from "../../testing/start-api.ts";
import { sendYaml } from "../../testing/send-yaml.ts";

const group = "/apis/admissionregistration.k8s.io/v1";
const pods = "/api/v1/namespaces/default/pods";

async function bind(transport: Transport, name: string, spec: string, resource = "pods"): Promise<void> {
  const policy = await sendYaml(
    transport,
    "POST",
    `${group}/mutatingadmissionpolicies`,
    `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [${resource}]}
${spec}`,
  );
  assert.equal(policy.status, 201, JSON.stringify(policy.body));
  const binding = await sendYaml(
    transport,
    "POST",
    `${group}/mutatingadmissionpolicybindings`,
    `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: ${name}-binding}
spec: {policyName: ${name}}`,
  );
  assert.equal(binding.status, 201, JSON.stringify(binding.body));
}

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: "web:1"}]}`;

async function createPod(transport: Transport): Promise<JsonObject> {
  const { status, body } = await sendYaml(transport, "POST", pods, pod);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

const sidecar = `
  failurePolicy: Fail
  reinvocationPolicy: IfNeeded
  matchConditions:
  - name: has-no-sidecar
    expression: "!object.spec.?initContainers.orValue([]).exists(c, c.name == 'mesh')"
  variables:
  - name: image
    expression: "'mesh:2'"
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: |
        Object{
          // Started before the others, and ended after them.
          spec: Object.spec{
            initContainers: [
              Object.spec.initContainers{
                name: "mesh",
                image: variables.image,
                env: [Object.spec.initContainers.env{name: "AS", value: "Object{x: 1}"}],
                restartPolicy: "Always"
              }
            ]
          }
        }`;

void test("a sidecar is injected, with its defaults, and no second one", async () => {
  const { transport } = await startApi();
  await bind(transport, "sidecar", sidecar);
  const { spec } = await createPod(transport);
  const { initContainers, containers } = spec as Record<string, JsonObject[]>;
  assert.equal(containers?.length, 1);
  assert.equal(initContainers?.length, 1);
  const { name, image, env, restartPolicy, terminationMessagePath } = initContainers[0]!;
  assert.deepEqual([name, image, restartPolicy], ["mesh", "mesh:2", "Always"]);
  assert.deepEqual(env, [{ name: "AS", value: "Object{x: 1}" }]);
  assert.equal(terminationMessagePath, "/dev/termination-log");
});

void test("a patch adds what its own test allows, and keys are escaped", async () => {
  const { transport } = await startApi();
  const spec = `
  failurePolicy: Fail
  reinvocationPolicy: Never
  mutations:
  - patchType: JSONPatch
    jsonPatch:
      expression: |
        [
          JSONPatch{op: "test", path: "/metadata/labels/app", value: "web"},
          JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/team"), value: "shop"},
          JSONPatch{op: "add", path: "/spec/tolerations", value: [Object.spec.tolerations{key: "a", operator: "Exists"}]}
        ]
  - patchType: JSONPatch
    jsonPatch:
      expression: |
        [
          JSONPatch{op: "test", path: "/metadata/labels/app", value: "api"},
          JSONPatch{op: "remove", path: "/metadata/labels/app"}
        ]`;
  await bind(transport, "patch", spec);
  const { metadata, spec: made } = await createPod(transport);
  assert.deepEqual((metadata as JsonObject)["labels"], { app: "web", "example.com/team": "shop" });
  const [first] = (made as { tolerations: JsonObject[] }).tolerations;
  assert.deepEqual(first, { key: "a", operator: "Exists" });
});

void test("policies come by their names, and one is asked again when a later one changed the object", async () => {
  const { transport } = await startApi();
  const label = (name: string, value: string, reinvocationPolicy: string) => `
  reinvocationPolicy: ${reinvocationPolicy}
  failurePolicy: Fail
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: |
        Object{metadata: Object.metadata{annotations: {"${name}": ${value}}}}`;
  const seen = 'object.metadata.?annotations.orValue({}).map(k, k).join(",")';
  await bind(transport, "a-again", label("a", seen, "IfNeeded"));
  await bind(transport, "b-once", label("b", seen, "Never"));
  await bind(transport, "c-last", label("c", "'c'", "Never"));
  const { metadata } = await createPod(transport);
  assert.deepEqual((metadata as JsonObject)["annotations"], { a: "a,b,c", b: "a", c: "c" });
});

void test("a configuration that would replace a whole list, or names types wrongly, is refused", async () => {
  const { transport } = await startApi();
  const apply = (expression: string, more = "") => `
  reinvocationPolicy: Never
  ${more}
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: |
        ${expression}`;
  const atomic =
    'Object{spec: Object.spec{containers: [Object.spec.containers{name: "web", command: ["x"]}]}}';
  await bind(transport, "ignored", apply(atomic, "failurePolicy: Ignore"));
  await createPod(transport);
  await bind(transport, "atomic", apply(atomic));
  const refused = await sendYaml(transport, "POST", pods, pod.replace("name: web", "name: other"));
  assert.equal(
    refused.body["message"],
    "policy 'atomic' with binding 'atomic-binding' denied request: error applying patch: invalid ApplyConfiguration: " +
      "may not mutate atomic arrays, maps or structs: .spec.containers[0].command",
  );
  assert.deepEqual([refused.status, refused.body["reason"]], [403, "Invalid"]);
  await bind(transport, "typo", apply("Object{spec: Object.wrong{}}"), "configmaps");
  const typo = await sendYaml(
    transport,
    "POST",
    "/api/v1/namespaces/default/configmaps",
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}}",
  );
  assert.match(
    String(typo.body["message"]),
    /type mismatch: unexpected type name "Object.wrong", expected "Object.spec"/,
  );
});
