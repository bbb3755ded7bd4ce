import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "@seaworthy/client";
import { askStep, askSteps, casesNamespace, collections, type Answer } from "./ask-steps.ts";
import { readCases, readDefinitions } from "./read-cases.ts";

const namespaces = "/api/v1/namespaces";
const mostTries = 50;

/** Makes the kinds, asks every case, and takes all away again. */
export async function askCases(transport: Transport): Promise<Record<string, Answer>> {
  const definitions = readDefinitions();
  const crds = collections["crd"] ?? "";
  await askStep(transport, namespaces, { method: "POST", body: { metadata: { name: casesNamespace } } });
  for (const body of definitions) {
    const { code, causes } = await askStep(transport, crds, { method: "POST", body });
    if (code !== 201) throw new Error(`${body.metadata.name}: ${code} ${JSON.stringify(causes)}`);
  }
  for (const plural of ["boats", "rafts", "rules"])
    await until(
      async () => (await askStep(transport, collections[plural] ?? "", { method: "GET" })).code === 200,
    );
  const answers: Record<string, Answer> = {};
  try {
    for (const asked of readCases()) {
      answers[asked.name] = await askSteps(transport, asked);
      const made = asked.of === "crd" ? undefined : (collections[asked.of] ?? "");
      if (made === undefined || asked.of === "rafts v0") continue;
      for (const at of ["r1", "x1"]) await askStep(transport, made, { method: "DELETE", at });
    }
  } finally {
    for (const { metadata } of definitions)
      await askStep(transport, crds, { method: "DELETE", at: metadata.name });
    await askStep(transport, namespaces, { method: "DELETE", at: casesNamespace });
  }
  return answers;
}

/** A real API server serves a kind a moment after its definition was made. */
async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (await isDone()) return;
    await sleep(200);
  }
  throw new Error("the kinds are not served");
}
