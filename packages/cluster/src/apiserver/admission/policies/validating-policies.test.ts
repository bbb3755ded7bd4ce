import assert from "node:assert/strict";
import { test } from "node:test";
import { startApi } from "../../testing/start-api.ts";
import { sendYaml } from "../../testing/send-yaml.ts";

const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const configMaps = "/api/v1/namespaces/default/configmaps";

const deploymentRules = `
  matchConstraints:
    resourceRules:
    - apiGroups: [apps]
      apiVersions: [v1]
      operations: [CREATE, UPDATE]
      resources: [deployments]`;

function policy(name: string, spec: string, constraints = deploymentRules): string {
  return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:${constraints}${spec}`;
}

function binding(name: string, spec = "validationActions: [Deny]"): string {
  return `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}-binding}
spec:
  policyName: ${name}
  ${spec}`;
}

function deployment(name: string, replicas: number, image = "web:1", labels = "{app: web}"): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: ${labels}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"}]}`;
}

void test("replicas are held against the parameters of the binding", async () => {
  const { transport } = await startApi();
  const spec = `
  paramKind: {apiVersion: v1, kind: ConfigMap}
  validations:
  - expression: object.spec.replicas <= int(params.data.maxReplicas)
    messageExpression: "'at most ' + params.data.maxReplicas + ' replicas, not ' + string(object.spec.replicas)"`;
  await sendYaml(transport, "POST", policies, policy("limit", spec));
  const free = await sendYaml(transport, "POST", deployments, deployment("before", 9));
  assert.equal(free.status, 201, "a policy that nothing binds does nothing");
  const paramRef = "{name: limits, namespace: default, parameterNotFoundAction: Deny}";
  await sendYaml(
    transport,
    "POST",
    bindings,
    binding("limit", `validationActions: [Deny]\n  paramRef: ${paramRef}`),
  );

  const without = await sendYaml(transport, "POST", deployments, deployment("web", 2));
  assert.equal(without.status, 422);
  assert.equal(
    without.body["message"],
    "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'limit' with binding 'limit-binding' denied request: " +
      "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  );

  const limits = "{apiVersion: v1, kind: ConfigMap, metadata: {name: limits}, data: {maxReplicas: '3'}}";
  assert.equal((await sendYaml(transport, "POST", configMaps, limits)).status, 201);
  assert.equal((await sendYaml(transport, "POST", deployments, deployment("web", 3))).status, 201);
  const refused = await sendYaml(transport, "PUT", `${deployments}/web`, deployment("web", 5));
  assert.equal(refused.status, 422);
  assert.equal(refused.body["reason"], "Invalid");
  assert.equal(
    refused.body["message"],
    "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'limit' with binding 'limit-binding' denied request: " +
      "at most 3 replicas, not 5",
  );
  const status = await sendYaml(transport, "PUT", `${deployments}/web/status`, deployment("web", 5));
  assert.equal(status.status, 200, "a rule for deployments is not for their status");
});

void test("variables are chained, and asked for only where they are needed", async () => {
  const { transport } = await startApi();
  const spec = `
  variables:
  - name: containers
    expression: object.spec.template.spec.containers
  - name: latest
    expression: variables.containers.filter(c, !c.image.contains(':') || c.image.endsWith(':latest')).map(c, c.name)
  - name: never
    expression: object.spec.nope.nope
  validations:
  - expression: size(variables.latest) == 0 || variables.never
    message: images need a version
    reason: Forbidden
  - expression: size(variables.latest) == 0
    messageExpression: "'name the version of ' + variables.latest.join(', ')"`;
  await sendYaml(transport, "POST", policies, policy("versions", spec));
  await sendYaml(transport, "POST", bindings, binding("versions"));
  assert.equal((await sendYaml(transport, "POST", deployments, deployment("web", 1))).status, 201);
  const refused = await sendYaml(transport, "POST", deployments, deployment("api", 1, "web:latest"));
  assert.match(
    String(refused.body["message"]),
    /denied request: expression 'size\(variables\.latest\) == 0 \|\| variables\.never' resulted in error: composited variable "never" fails to evaluate: no such key: nope$/,
  );
});

void test("a reason is the status, and a missing label is told in the policy's words", async () => {
  const { transport } = await startApi();
  const spec = `
  validations:
  - expression: "'team' in object.metadata.labels"
    message: "say whose it is: the label team is missing"
    reason: Forbidden`;
  await sendYaml(transport, "POST", policies, policy("team", spec));
  await sendYaml(transport, "POST", bindings, binding("team"));
  const refused = await sendYaml(transport, "POST", deployments, deployment("web", 1));
  assert.equal(refused.status, 403);
  assert.equal(refused.body["reason"], "Forbidden");
  assert.match(
    String(refused.body["message"]),
    /denied request: say whose it is: the label team is missing$/,
  );
  const labeled = deployment("web", 1, "web:1", "{app: web, team: shop}");
  assert.equal((await sendYaml(transport, "POST", deployments, labeled)).status, 201);
});

void test("a binding warns, chooses namespaces and selects parameters", async () => {
  const { transport } = await startApi();
  const spec = `
  paramKind: {apiVersion: v1, kind: ConfigMap}
  validations:
  - expression: object.spec.replicas <= int(params.data.max)`;
  await sendYaml(transport, "POST", policies, policy("limit", spec));
  const warns = `validationActions: [Warn, Audit]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}}
  paramRef: {selector: {matchLabels: {limit: "yes"}}, parameterNotFoundAction: Allow}`;
  await sendYaml(transport, "POST", bindings, binding("limit", warns));
  const none = await sendYaml(transport, "POST", deployments, deployment("none", 9));
  assert.deepEqual([none.status, none.warnings], [201, []]);
  for (const max of [2, 5]) {
    const limit = `{apiVersion: v1, kind: ConfigMap, metadata: {name: m${max}, labels: {limit: "yes"}}, data: {max: '${max}'}}`;
    await sendYaml(transport, "POST", configMaps, limit);
  }
  const warned = await sendYaml(transport, "POST", deployments, deployment("web", 4));
  assert.equal(warned.status, 201);
  assert.deepEqual(warned.warnings, [
    "Validation failed for ValidatingAdmissionPolicy 'limit' with binding 'limit-binding': failed expression: object.spec.replicas <= int(params.data.max)",
  ]);
  await sendYaml(
    transport,
    "POST",
    "/api/v1/namespaces",
    "{apiVersion: v1, kind: Namespace, metadata: {name: other}}",
  );
  const elsewhere = await sendYaml(
    transport,
    "POST",
    "/apis/apps/v1/namespaces/other/deployments",
    deployment("web", 9),
  );
  assert.deepEqual([elsewhere.status, elsewhere.warnings], [201, []]);
});

void test("deletions are asked about, and conditions and failure policies let pass", async () => {
  const { transport } = await startApi();
  const deletions = deploymentRules.replace("CREATE, UPDATE", "DELETE");
  const spec = `
  matchConditions:
  - name: kept
    expression: "'keep' in oldObject.metadata.labels"
  validations:
  - expression: object != null
    message: it is kept`;
  await sendYaml(transport, "POST", policies, policy("keep", spec, deletions));
  await sendYaml(transport, "POST", bindings, binding("keep"));
  const broken = `
  failurePolicy: Ignore
  validations:
  - expression: oldObject.spec.nope == 1`;
  await sendYaml(transport, "POST", policies, policy("broken", broken, deletions));
  await sendYaml(transport, "POST", bindings, binding("broken"));
  await sendYaml(transport, "POST", deployments, deployment("kept", 1, "web:1", "{keep: 'yes'}"));
  await sendYaml(transport, "POST", deployments, deployment("gone", 1));
  const refused = await sendYaml(transport, "DELETE", `${deployments}/kept`, "");
  assert.match(String(refused.body["message"]), /denied request: it is kept$/);
  assert.equal((await sendYaml(transport, "DELETE", `${deployments}/gone`, "")).status, 200);
});

void test("expressions that cannot be compiled are refused with the policy", async () => {
  const { transport } = await startApi();
  const spec = `
  variables:
  - name: wrong
    expression: nothing.at.all
  validations:
  - expression: object.spec.replicas
  - expression: object.spec.replicas +
  - expression: "'text'"
  - expression: params.x == variables.other`;
  const { status, body } = await sendYaml(transport, "POST", policies, policy("wrong", spec));
  assert.equal(status, 422);
  const { causes = [] } = body["details"] as { causes?: { field: string; message: string }[] };
  assert.deepEqual(
    causes.map(({ field, message }) => [field, message.split("\n")[0]]),
    [
      [
        "spec.variables[0].expression",
        "Invalid value: \"nothing.at.all\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')",
      ],
      [
        "spec.validations[1].expression",
        'Invalid value: "object.spec.replicas +": compilation failed: ERROR: <input>:1:23: Syntax error: Unexpected token: EOF',
      ],
      ["spec.validations[2].expression", "Invalid value: \"'text'\": must evaluate to bool but got string"],
      [
        "spec.validations[3].expression",
        "Invalid value: \"params.x == variables.other\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')",
      ],
    ],
  );
});
