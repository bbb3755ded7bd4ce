/** Server-side apply and managedFields, held against what a real API server made of the same writes (bench/ask-real/apply.ts). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@seaworthy/client";
import { resourceTypes, type Namespace } from "@seaworthy/kube";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { readScenarios } from "../../packages/kube/src/managed-fields/testing/read-scenarios.ts";
import answers from "./outcomes.generated.json" with { type: "json" };
import { runScenario, scenarioNamespace, type Outcome } from "./run-scenario.ts";
import { widgetDefinition } from "./widget-definition.ts";

const outcomes = answers.outcomes as unknown as Readonly<Record<string, Outcome>>;
const scenarios = readScenarios("test/apply/scenarios");

for (const scenario of scenarios) {
  test(`${scenario.name}, as ${answers.answeredBy} has it`, async () => {
    const outcome = await runScenario(await startApi(), scenario);
    assert.deepEqual(JSON.parse(JSON.stringify(outcome)), outcomes[scenario.name]);
  });
}

test("each outcome is that of a scenario", () => {
  assert.deepEqual(
    Object.keys(outcomes),
    scenarios.map(({ name }) => name),
  );
});

async function startApi() {
  const { transport } = createApiServer({ clock: systemClock, random: seededRandom(1) });
  const client = createClient(transport);
  await client.create<Namespace>(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: scenarioNamespace },
  });
  await client.create(definitions, { ...widgetDefinition });
  return transport;
}

const definitions = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};
