/**
 * Plays every scenario of test/apply/scenarios to a real API server, and writes down what it makes of them, which the embedded
 * one is then held against. Objects are made in the namespace `apply-scenarios`, with a custom kind, and all is taken away again.
 *
 * usage: node bench/ask-real/apply.ts [OUT.json]        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import { resourceTypes, type Namespace } from "@seaworthy/kube";
import { readScenarios } from "../../packages/kube/src/managed-fields/testing/read-scenarios.ts";
import { runScenario, scenarioNamespace, type Outcome } from "../../test/apply/run-scenario.ts";
import { widgetDefinition } from "../../test/apply/widget-definition.ts";
import { serverVersion } from "../measured/server-version.ts";

const out = process.argv[2] ?? "test/apply/outcomes.generated.json";
const transport = httpTransport(await readKubeconfig());
const client = createClient(transport);
const definitions = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: scenarioNamespace } };
await client.create<Namespace>(resourceTypes.namespaces, namespace);
await client.create(definitions, { ...widgetDefinition });
try {
  while ((await client.discover("apply.example.com/v1")).length === 0) await wait(200);
  await wait(2_000);
  const outcomes: Record<string, Outcome> = {};
  for (const scenario of readScenarios("test/apply/scenarios"))
    outcomes[scenario.name] = await runScenario(transport, scenario);
  const gitVersion = await serverVersion(transport);
  const lines = Object.entries(outcomes).map(
    ([name, outcome]) => `${JSON.stringify(name)}:${JSON.stringify(outcome)}`,
  );
  writeFileSync(out, `{"answeredBy":"kube-apiserver ${gitVersion}","outcomes":{\n${lines.join(",\n")}\n}}\n`);
  process.stdout.write(`${lines.length} scenarios, by ${gitVersion}: ${out}\n`);
} finally {
  await client.delete(definitions, undefined, widgetDefinition.metadata.name);
  await client.delete(resourceTypes.namespaces, undefined, scenarioNamespace);
}
