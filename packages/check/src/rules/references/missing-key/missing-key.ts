import { findReferences } from "@seaworthy/app";
import { formatObjectName, nearestName } from "@seaworthy/kube";
import { providerOf } from "../../../objects/references/providers.ts";
import type { Rule } from "../../../rule.ts";

/** A key that a ConfigMap or Secret does not have. */
export const missingKey: Rule = {
  id: "missing-key",
  severity: "error",
  title: "a pod asks for a key that its ConfigMap or Secret does not have",
  why: `No container starts without it: the pod stays in \`CreateContainerConfigError\`, or waits for its volume for ever. The object is
there, so that nothing complains when it is applied.`,
  mend: "Correct the key, or add it to the object. Write `optional: true` beside it if the app runs without it.",
  sources: [
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/",
    "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data",
  ],
  profile: "default",
  peers: { "kube-linter": ["env-value-from"] },
  *check(set) {
    for (const manifest of set.manifests)
      for (const { kind, name, key, path } of findReferences(manifest.object)) {
        if (key === undefined || (kind !== "ConfigMap" && kind !== "Secret")) continue;
        const provider = providerOf(kind, name, manifest.object, set);
        if (provider?.keys === undefined || provider.keys.includes(key)) continue;
        const near = nearestName(key, provider.keys);
        const { file, line, object } = provider.manifest;
        yield {
          manifest,
          path,
          message: `${formatObjectName(object)} has no key ${key}, for which ${formatObjectName(manifest.object)} asks`,
          label: near === undefined ? "there is no such key" : `did you mean ${near}?`,
          seen: [
            `${file}:${line} ${formatObjectName(object)} has ${provider.keys.length === 0 ? "no keys" : provider.keys.slice(0, 8).join(", ")}`,
          ],
          next: [
            near === undefined ? `add ${key} to ${object.kind} ${name}` : `key: ${near}`,
            "or write optional: true beside it, if the app runs without it",
          ],
          ...(near === undefined
            ? {}
            : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: near }] } }),
        };
      }
  },
};
