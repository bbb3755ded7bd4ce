import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createClient } from "@seaworthy/client";
import { createKinds, parseManifests, resourceTypes, type Namespace } from "@seaworthy/kube";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { askSample, sampleNamespace, type SampleAnswer } from "./ask-sample.ts";
import { exceptions } from "./exceptions.ts";

/** What a real API server answered: bench/ask-real/kinds.ts asks anew. */
const { answers } = JSON.parse(readFileSync(new URL("answers.generated.json", import.meta.url), "utf8")) as {
  readonly answers: Readonly<Record<string, SampleAnswer>>;
};

describe("what the API server makes of an object of each kind is what Kubernetes makes of it", () => {
  const kinds = createKinds();
  const { transport } = createApiServer({ kinds, clock: systemClock, random: seededRandom(1) });
  const samples = parseManifests(
    "samples.yaml",
    readFileSync(new URL("samples.yaml", import.meta.url), "utf8"),
  );
  for (const { object } of samples) {
    const name = `${object.apiVersion} ${object.kind}`;
    test(name, async () => {
      await createClient(transport)
        .create<Namespace>(resourceTypes.namespaces, {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: sampleNamespace },
        })
        .catch(() => {});
      const type = kinds.find(object.apiVersion, object.kind);
      assert.ok(type !== undefined, "it is not served");
      const answer = await askSample(transport, type, object);
      assert.deepEqual(withoutExceptions(name, answer), withoutExceptions(name, answers[name]));
    });
  }
});

/** The answer as text that can be compared, with what is listed taken out, and without names and times that are drawn. */
function withoutExceptions(name: string, answer: SampleAnswer | undefined): unknown {
  const copy = JSON.parse(
    JSON.stringify(answer)
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UID"),
  ) as Record<string, unknown>;
  for (const path of Object.keys(exceptions[name] ?? {})) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let holder = copy;
    for (const step of steps) holder = (holder[step] ?? {}) as Record<string, unknown>;
    delete holder[last];
  }
  return copy;
}
