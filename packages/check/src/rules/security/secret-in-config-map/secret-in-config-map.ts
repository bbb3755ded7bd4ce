import type { ConfigMap } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findSecretValue } from "../find-secret-value.ts";
import { mayBeSecret, namesSecret } from "../secret-names.ts";

/** A key of a ConfigMap that is called a password. */
export const secretInConfigMap = objectRule<ConfigMap>(
  {
    kind: "ConfigMap",
    id: "secret-in-config-map",
    severity: "warning",
    title: "a password stands in a ConfigMap",
    why: `ConfigMaps are for everybody: the role \`view\` reads them, and they are not encrypted where Secrets are. They
are shown by tools that hide Secrets.`,
    mend: `Put the value into a Secret that is not kept in the repository. Then change it, for it has been read.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/configmap/",
      "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    ],
    profile: "default",
    peers: { polaris: ["sensitiveConfigmapContent"] },
  },
  function* look({ object }) {
    for (const [key, value] of Object.entries(object.data ?? {})) {
      // A key with a dot is a file, with a name such as token.properties; a secret is one word.
      if (!value || key.includes(".") || !namesSecret(key) || !mayBeSecret(value)) continue;
      if (/\s/.test(value.trim()) || findSecretValue(value, key) !== undefined) continue;
      yield {
        path: ["data", key],
        message: `${key} stands in ConfigMap ${object.metadata.name}, which is for everybody to read`,
        label: "readable by everyone who may look at the namespace",
        next: [`a Secret for ${key}, not kept in the repository`],
      };
    }
  },
);
