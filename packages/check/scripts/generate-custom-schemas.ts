/**
 * Writes src/schemas/groups/*.generated.json, one for each API group, from the types of the packages `@kubernetes-models/*`: which fields
 * there are, and of which types. Whether a field is required is left out, because the packages call required what has a default.
 *
 * usage: npm install --no-save --prefix /tmp/models @kubernetes-models/{gateway-api,istio,…} &&
 *        node packages/check/scripts/generate-custom-schemas.ts /tmp/models/node_modules/@kubernetes-models
 */
import { globSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CustomSchemas } from "../src/schemas/custom-schemas.ts";
import { readDeclarations } from "./read-declarations.ts";
import { SchemaWriter } from "./schema-writer.ts";

const packages = [
  "argo-rollouts",
  "cert-manager",
  "external-secrets",
  "gateway-api",
  "istio",
  "keda",
  "prometheus-operator",
  "traefik",
];

const [root = ""] = process.argv.slice(2);
for (const name of packages) {
  const files = globSync(join(root, name, "**/*.d.ts")).filter(
    (file) => !/_schemas|index\.d\.ts$/.test(file),
  );
  const declarations = new Map(files.map((file) => [file, readDeclarations(file)]));
  const exported = new Map([...declarations.values()].flatMap((each) => [...each]));
  const groups = Map.groupBy(files, (file) => basename(dirname(dirname(file))));
  for (const [group, members] of groups) {
    if (!group.includes(".") || members.every((file) => /github\.com/.test(file))) continue;
    const schemas: CustomSchemas = { kinds: {}, types: {} };
    for (const file of members) {
      const version = basename(dirname(file));
      const kind = basename(file, ".d.ts");
      const declared = declarations.get(file)?.get(`I${kind}`);
      if (declared?.is !== "struct" || kind.endsWith("List")) continue;
      if (!declared.extends.includes("TypeMeta") && declared.fields["kind"] === undefined) {
        // Istio's classes say of which kind they are, and its interfaces do not.
        if (name !== "istio") continue;
      }
      const writer = new SchemaWriter(
        schemas,
        exported,
        declarations.get(file) ?? new Map(),
        `${group}.${version}`,
      );
      const type = writer.structOf(declared, kind, {
        apiVersion: "string",
        kind: "string",
        metadata: "meta.v1.ObjectMeta",
      });
      schemas.kinds[`${group}/${version}/${kind}`] = type;
    }
    if (Object.keys(schemas.kinds).length === 0) continue;
    writeFileSync(
      new URL(`../src/schemas/groups/${group}.generated.json`, import.meta.url),
      `${JSON.stringify(schemas).replaceAll("},", "},\n")}\n`,
    );
  }
}
