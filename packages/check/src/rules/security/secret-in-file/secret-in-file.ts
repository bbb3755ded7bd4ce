import type { Secret } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { isPlaceholder } from "../secret-names.ts";

/** A Secret whose value is written in a file, next to the manifests. */
export const secretInFile = objectRule<Secret>(
  {
    kind: "Secret",
    id: "secret-in-file",
    severity: "advice",
    title: "the value of a Secret stands in a file",
    why: `Base64 hides nothing. A Secret that is kept with the manifests is in the repository, in its history and on every
computer that has a copy, and it stays there after it was changed.`,
    mend: `Let the cluster get it from elsewhere: External Secrets, Sealed Secrets or SOPS, or \`kubectl create secret\` in the
pipeline. An example that nobody uses in production may ignore the rule.`,
    sources: [
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
      "https://kubernetes.io/docs/concepts/configuration/secret/#alternatives-to-secrets",
    ],
    profile: "strict",
  },
  function* look({ object }) {
    // One with a uid comes from an API server, and not from a file.
    if (
      object.metadata.uid !== undefined ||
      /^kubernetes\.io\/service-account-token$/.test(object.type ?? "")
    )
      return;
    for (const [list, decode] of [
      ["data", fromBase64],
      ["stringData", String],
    ] as const) {
      const [key, value] = Object.entries(object[list] ?? {}).find(([, each]) => Boolean(each)) ?? [];
      if (key === undefined || isPlaceholder(decode(value ?? ""))) continue;
      yield {
        path: [list, key],
        message: `the value of Secret ${object.metadata.name} stands in a file, with everyone who has a copy of it`,
        label: list === "data" ? "base64 hides nothing" : "plain text",
        next: ["External Secrets, Sealed Secrets, SOPS, or kubectl create secret in the pipeline"],
      };
      return;
    }
  },
);

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString();
}
