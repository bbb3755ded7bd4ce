/**
 * Writes src/schema.generated.json from the models of the installed @kubernetes/client-node.
 * Run: node packages/kube/scripts/generate-schema.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as client from "@kubernetes/client-node";
import type { SchemaFile } from "../src/schema/schema.ts";
import { atomicFields, atomicTypes, listMerges, quantityFields } from "./merge-keys.ts";

/** The kinds of each group and version whose schema is kept, by the name of their model. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  v1: [
    "V1Namespace",
    "V1Node",
    "V1Pod",
    "V1Service",
    "V1Endpoints",
    "V1ConfigMap",
    "V1Secret",
    "CoreV1Event",
    "V1PersistentVolumeClaim",
    "V1ServiceAccount",
  ],
  "apps/v1": ["V1Deployment", "V1ReplicaSet", "V1StatefulSet", "V1DaemonSet"],
  "autoscaling/v2": ["V2HorizontalPodAutoscaler"],
  "batch/v1": ["V1Job", "V1CronJob"],
  "coordination.k8s.io/v1": ["V1Lease"],
  "discovery.k8s.io/v1": ["V1EndpointSlice"],
  "networking.k8s.io/v1": ["V1Ingress", "V1IngressClass", "V1NetworkPolicy"],
  "policy/v1": ["V1PodDisruptionBudget"],
  "rbac.authorization.k8s.io/v1": ["V1Role", "V1RoleBinding", "V1ClusterRole", "V1ClusterRoleBinding"],
};

/** The schema, from the models that are installed now. */
export function generateSchema(): SchemaFile {
  const schema: Mutable<SchemaFile> = { kinds: {}, types: {}, lists: {}, atomic: [] };
  for (const [apiVersion, models] of Object.entries(kinds)) {
    for (const model of models) {
      schema.kinds[`${apiVersion}/${model.replace(/^(Core|Events)?V\d/, "")}`] = model;
      addType(schema, model);
    }
  }
  const known = (path: string): boolean => schema.types[path.split(".")[0]!] !== undefined;
  for (const [path, merge] of Object.entries(listMerges)) if (known(path)) schema.lists[path] = merge;
  schema.atomic = [...atomicTypes, ...atomicFields].filter(known).sort();
  return {
    kinds: sorted(schema.kinds),
    types: sorted(schema.types),
    lists: sorted(schema.lists),
    atomic: schema.atomic,
  };
}

/** The text of the generated file: one type a line, so that a diff shows what changed. */
export function formatSchema(schema: SchemaFile): string {
  const sections = Object.entries(schema).map(([name, section]) => {
    const lines = Array.isArray(section)
      ? section.map((item) => JSON.stringify(item))
      : Object.entries(section).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const [open, close] = Array.isArray(section) ? ["[", "]"] : ["{", "}"];
    return `${JSON.stringify(name)}:${open}\n${lines.join(",\n")}\n${close}`;
  });
  return `{\n${sections.join(",\n")}\n}\n`;
}

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly string[]
    ? string[]
    : { -readonly [P in keyof T[K]]: T[K][P] };
};

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

function addType(schema: Mutable<SchemaFile>, model: string): void {
  if (schema.types[model] !== undefined) return;
  const required = requiredFields(model);
  const fields: Record<string, string> = {};
  schema.types[model] = fields;
  for (const attribute of attributesOf(model)) {
    const type = typeOf(attribute, `${model}.${attribute.baseName}`);
    fields[attribute.baseName] = required.has(attribute.baseName) ? `${type}!` : type;
    const name = /^[A-Z]\w*/.exec(type)?.[0];
    if (name !== undefined) addType(schema, name);
  }
}

function attributesOf(model: string): readonly Attribute[] {
  const found = (client as unknown as Record<string, { attributeTypeMap?: Attribute[] } | undefined>)[model];
  if (found?.attributeTypeMap === undefined) throw new Error(`client-node has no model ${model}`);
  return found.attributeTypeMap;
}

const modelsFolder = join(
  dirname(createRequire(import.meta.url).resolve("@kubernetes/client-node")),
  "gen/models",
);

/** Only the declarations say which fields are required: they have no question mark. */
function requiredFields(model: string): Set<string> {
  const text = readFileSync(join(modelsFolder, `${model}.d.ts`), "utf8");
  return new Set([...text.matchAll(/^ {4}'_?(\w+)': /gm)].map((match) => match[1]!));
}

function typeOf(attribute: Attribute, path: string): string {
  const list = /^Array<(.*)>$/.exec(attribute.type);
  if (list !== null) return `${scalar(list[1]!, attribute.format, path)}[]`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(attribute.type);
  const inMap = map === null ? undefined : /^Array<(.*)>$/.exec(map[1]!);
  if (inMap != null) return `${scalar(inMap[1]!, attribute.format, path)}[]{}`;
  if (map !== null) return `${scalar(map[1]!, attribute.format, path)}{}`;
  return scalar(attribute.type, attribute.format, path);
}

function scalar(type: string, format: string, path: string): string {
  if (quantityFields.has(path)) return "quantity";
  if (type === "Date" || type === "V1MicroTime") return "time";
  if (type === "IntOrString") return "intOrString";
  if (type === "number") return format === "double" ? "number" : "integer";
  if (type === "string") return format === "byte" ? "base64" : "string";
  return type;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  writeFileSync(new URL("../src/schema.generated.json", import.meta.url), formatSchema(generateSchema()));
}
