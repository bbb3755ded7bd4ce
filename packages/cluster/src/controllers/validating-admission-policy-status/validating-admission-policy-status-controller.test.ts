import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";
import { startSimulatedCluster } from "../../testing/simulated-cluster.ts";

interface Policy extends KubeObject {
  spec: object;
  status?: { observedGeneration?: number; typeChecking?: { expressionWarnings?: { fieldRef: string }[] } };
}

const type = resourceTypes.validatingadmissionpolicies;

test("a policy's status says which generation was looked at, and what it names that is not there", async () => {
  await using cluster = await startSimulatedCluster({ seed: 1 });
  const { client } = cluster;
  const looked = (generation: number) =>
    cluster.until(`a look at generation ${generation}`, async () => {
      const { status } = await client.get<Policy>(type, undefined, "p");
      return status?.observedGeneration === generation && status;
    });
  const rule = {
    apiGroups: ["apps"],
    apiVersions: ["v1"],
    operations: ["CREATE"],
    resources: ["deployments"],
  };
  const spec = {
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression: "object.replicas > 1" }, { expression: "object.spec.replicas > 1" }],
  };
  await client.create<Policy>(type, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "p" },
    spec,
  });
  const first = await looked(1);
  assert.deepEqual(
    first.typeChecking?.expressionWarnings?.map(({ fieldRef }) => fieldRef),
    ["spec.validations[0].expression"],
  );
  await client.patch<Policy>(type, undefined, "p", "merge", {
    spec: { validations: [{ expression: "object.spec.replicas > 2" }] },
  });
  assert.deepEqual(await looked(2), { observedGeneration: 2, typeChecking: {} });
});
