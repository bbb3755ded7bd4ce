import type { ConfigMap, FieldPath, Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "../../../objects/object-set.ts";
import type { Finding, Rule } from "../../../rule.ts";
import { findSecretValue, type SecretValue } from "../find-secret-value.ts";

/** A key, a token or an address with its password, whatever it is called. */
export const secretValue: Rule = {
  id: "secret-value",
  severity: "error",
  title: "a key or a password stands in plain text",
  why: `This is found by its value: a private key, a token with the mark of its provider, an address with a password in it,
a long random word. Everybody who can see the repository or the object has it, and scanners of public repositories find such
values within minutes.`,
  mend: `Revoke it, for it must be taken as known. Put the new one into a Secret that is not kept in the repository, and refer to
it by \`secretKeyRef\` or mount it as a file.`,
  sources: [
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns",
  ],
  profile: "default",
  peers: { polaris: ["sensitiveContainerEnvVar", "sensitiveConfigmapContent"] },
  *check(set) {
    for (const source of textsOf(set)) {
      const found = findSecretValue(source.text, source.name);
      if (found !== undefined) yield findingOf(source, found);
    }
  },
};

interface Text {
  readonly manifest: Manifest;
  readonly path: FieldPath;
  readonly text: string;
  /** Whose text it is: `DB_URL of container shop`. */
  readonly name: string;
}

function* textsOf(set: ObjectSet): Generator<Text> {
  for (const { manifest, containers } of set.pods) {
    for (const { container, path } of containers) {
      const of = `container ${container.name}`;
      for (const [index, { name, value }] of (container.env ?? []).entries())
        if (value)
          yield { manifest, path: [...path, "env", index, "value"], text: value, name: `${name} of ${of}` };
      for (const list of ["command", "args"] as const)
        for (const [index, text] of (container[list] ?? []).entries())
          yield { manifest, path: [...path, list, index], text, name: `${list}[${index}] of ${of}` };
    }
  }
  for (const manifest of set.of<ConfigMap>("ConfigMap"))
    for (const [key, text] of Object.entries(manifest.object.data ?? {}))
      yield {
        manifest,
        path: ["data", key],
        text,
        name: `${key} of ConfigMap ${manifest.object.metadata.name}`,
      };
}

function findingOf({ manifest, path, text, name }: Text, { what, index }: SecretValue): Finding {
  const lines = text.slice(0, index).split("\n").length;
  return {
    manifest,
    path,
    message: `${name} holds ${what}, in plain text`,
    label: text.trimEnd().includes("\n") ? `${what}, in line ${lines} of the text` : what,
    next: ["revoke it, and put a new one into a Secret that is not in the repository"],
  };
}
