import type { Transport } from "@seaworthy/client";
import { askStep, askSteps, type Answer } from "../custom-resources/ask-steps.ts";
import { objects, writeCases, writesNamespace } from "./write-cases.ts";

/** Asks every case, with the objects made anew for each, and takes all away again. */
export async function askWrites(transport: Transport): Promise<Record<string, Answer>> {
  const step = (method: "POST" | "PATCH" | "DELETE", at: string, body?: unknown, type = "json") =>
    askStep(transport, "", {
      method,
      at,
      body,
      type,
      query: method === "DELETE" ? { gracePeriodSeconds: "0" } : {},
    });
  await step("POST", "/api/v1/namespaces", { metadata: { name: writesNamespace } });
  // The pods of a real API server wait for it.
  await step("POST", `/api/v1/namespaces/${writesNamespace}/serviceaccounts`, {
    metadata: { name: "default" },
  });
  const answers: Record<string, Answer> = {};
  const made = [
    ...objects.map(({ collection, body }) => `${collection}/${body.metadata.name}`),
    ...objects.slice(0, 1).map(({ collection }) => `${collection}/two`),
    "/apis/scheduling.k8s.io/v1/priorityclasses/asked-writes-two",
  ];
  const takeAway = async () => {
    for (const path of made) {
      await step("PATCH", path, { metadata: { finalizers: null } }, "merge-patch+json");
      await step("DELETE", path);
    }
  };
  try {
    for (const [name, steps] of Object.entries(writeCases)) {
      for (const { collection, body } of objects) {
        const { code, message } = await step("POST", collection, body);
        if (code !== 201) throw new Error(`${body.kind} for ${name}: ${code} ${message}`);
      }
      answers[name] = withoutObjects(await askSteps(transport, { name, of: "", steps }));
      await takeAway();
    }
  } finally {
    await takeAway();
    await step("DELETE", `/api/v1/namespaces/${writesNamespace}`);
  }
  return answers;
}

/** A refused patch is told with the object that it would have made, whose fields Kubernetes writes in another order. */
function withoutObjects(answer: Answer): Answer {
  return JSON.parse(
    JSON.stringify(answer, (_key, value: unknown) =>
      typeof value === "string"
        ? value.replace(/Invalid value: "\{.*\}": /s, 'Invalid value: "{…}": ')
        : value,
    ),
  ) as Answer;
}
