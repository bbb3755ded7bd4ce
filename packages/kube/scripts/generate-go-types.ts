/**
 * Writes src/go-types.generated.json from the sources of Kubernetes: what its messages show of its types in Go.
 *
 * usage: node packages/kube/scripts/generate-go-types.ts DIR     DIR holds the Go modules k8s.io/kubernetes@V and k8s.io/api@V
 *        (go mod download k8s.io/kubernetes@v1.36.3 k8s.io/api@v0.36.3 puts them into $(go env GOMODCACHE)/k8s.io)
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectedType } from "../src/go/expected-type.ts";
import type { GoTypesFile } from "../src/go/go-types.ts";
import schema from "../src/schema.generated.json" with { type: "json" };

/** The structs that messages show whole; those inside them come along. */
const shownRoots = [
  "core.PodTemplateSpec",
  "core.PersistentVolumeClaimSpec",
  "core.PersistentVolumeSpec",
  "core.ObjectReference",
  "core.EventSource",
  "core.ServicePort",
  "core.Taint",
  "core.Toleration",
  "core.NodeAddress",
  "core.ScopeSelector",
  "apps.DeploymentStrategy",
  "apps.DaemonSetUpdateStrategy",
  "apps.StatefulSetUpdateStrategy",
  "batch.PodFailurePolicy",
  "batch.SuccessPolicy",
  "policy.PodDisruptionBudgetSpec",
  "networking.ParentReference",
  "networking.ServiceCIDRSpec",
  "rbac.RoleRef",
  "storage.CSINodeDriver",
  "storage.VolumeAttachmentSpec",
  "flowcontrol.FlowSchemaSpec",
  "flowcontrol.PriorityLevelConfigurationSpec",
  "admissionregistration.AuditAnnotation",
  "resource.ResourceClaimSpec",
  "resource.ResourceClaimTemplateSpec",
  "resource.DeviceAttribute",
];

interface GoField {
  /** Absent for a struct that is embedded. */
  readonly name: string | undefined;
  readonly json: string | undefined;
  readonly type: string;
}

interface GoPackage {
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  /** `type PullPolicy string`. */
  readonly named: ReadonlyMap<string, string>;
}

const packages = new Map<string, GoPackage>();
const [directory = ""] = process.argv.slice(2);
const kubernetes = moduleOf("kubernetes");
const api = moduleOf("api");
writeFileSync(
  join(import.meta.dirname, "../src/go-types.generated.json"),
  formatGoTypes({ of: /@(.*)$/.exec(kubernetes)?.[1] ?? "", shown: shownTypes(), ...fieldTypes() }),
);

function moduleOf(name: string): string {
  const found = readdirSync(directory)
    .filter((entry) => new RegExp(`^${name}@v\\d+\\.36\\.\\d+$`).test(entry))
    .toSorted()
    .at(-1);
  if (found === undefined) throw new Error(`${directory} has no ${name}`);
  return join(directory, found);
}

/** The structs of the API server's own memory, with the names that their fields have in JSON. */
function shownTypes(): GoTypesFile["shown"] {
  const shown: Record<string, string[]> = {};
  const waiting = [...shownRoots];
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop()) {
    if (shown[type] !== undefined) continue;
    const [group = "", name = ""] = type.split(".");
    const internal = readPackage(join(kubernetes, `pkg/apis/${group}`));
    const fields = internal.structs.get(name);
    if (fields === undefined) throw new Error(`no struct ${type}`);
    const version = group === "autoscaling" ? "v2" : "v1";
    const external = readPackage(join(api, group, version)).structs.get(name) ?? [];
    shown[type] = fields.map((field) => {
      const resolved = resolveType(field.type, group, internal);
      const inner = resolved.replace(/^(\*|\[\]|\{\})+/, "");
      if (inner.includes(".")) waiting.push(inner);
      if (field.name === undefined) return `+${resolved}`;
      const json = external.find(({ name: own }) => own === field.name)?.json ?? lowerFirst(field.name);
      return `${field.name}${json === lowerFirst(field.name) ? "" : `=${json}`}:${resolved}`;
    });
  }
  return Object.fromEntries(
    Object.entries(shown)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([type, fields]) => [type, fields.join(" ")]),
  );
}

/** Types of a package of its own, and names for plain ones, are told apart; what has tags of its own is taken as it is. */
function resolveType(type: string, group: string, internal: GoPackage): string {
  if (type.startsWith("*")) return `*${resolveType(type.slice(1), group, internal)}`;
  if (type === "[]byte") return "bytes";
  if (type.startsWith("[]")) return `[]${resolveType(type.slice(2), group, internal)}`;
  const map = /^map\[[^\]]*\](.*)$/.exec(type);
  if (map !== null) return `{}${resolveType(map[1] ?? "", group, internal)}`;
  if (type === "string" || type === "bool") return type;
  if (/^u?int\d*$|^float\d*$/.test(type)) return "number";
  const [head = "", tail] = type.split(".");
  if (tail !== undefined) {
    if (head === "resource") return "quantity";
    if (head === "intstr") return "number";
    if (type === "metav1.LabelSelector") return "selector";
    if (head === "metav1" || head === "runtime") return "json";
    if (head === "types") return "string";
    const other =
      head === "api" || head === "v1" || head === "corev1" || head === "k8scorev1" ? "core" : head;
    return resolveType(tail, other, readPackage(join(kubernetes, `pkg/apis/${other}`)));
  }
  if (internal.structs.has(type)) return `${group}.${type}`;
  const under = internal.named.get(type);
  if (under === undefined) throw new Error(`no type ${group}.${type}`);
  return resolveType(under, group, internal);
}

/** The types in Go of fields, where the schema's type does not tell them, and the structs that are embedded. */
function fieldTypes(): Pick<GoTypesFile, "fields" | "embedded"> {
  const found: Record<string, string> = {};
  const embedded: Record<string, string> = {};
  for (const [type, fields] of Object.entries(schema.types as Record<string, Record<string, string>>)) {
    const [group = "", version = "", name = ""] = type.split(".");
    const structs = group === "meta" ? metaPackage().structs : readPackage(join(api, group, version)).structs;
    const own = jsonFieldsOf(name, structs, version);
    const within = new Map<string, string[]>();
    for (const [field, text] of Object.entries(fields)) {
      const goField = own.get(field);
      if (goField === undefined) continue;
      if (goField.type !== expectedGoType(text)) found[`${type}.${field}`] = goField.type;
      if (goField.within !== "") within.set(goField.within, [...(within.get(goField.within) ?? []), field]);
    }
    if (within.size > 0)
      embedded[type] = Array.from(within, ([path, names]) => `${path}=${names.join(",")}`).join(" ");
  }
  return { fields: sorted(found), embedded: sorted(embedded) };
}

function sorted(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

interface JsonField {
  /** Without pointers, as messages name it. */
  readonly type: string;
  /** The embedded structs in which it is: `RuleWithOperations.Rule`. */
  readonly within: string;
}

/** By the names in JSON, with those of embedded structs. */
function jsonFieldsOf(name: string, structs: GoPackage["structs"], version: string): Map<string, JsonField> {
  const fields = new Map<string, JsonField>();
  for (const field of structs.get(name) ?? []) {
    if (field.name === undefined || field.json === "") {
      const struct = field.type.replace(/^\*/, "");
      for (const [json, { type, within }] of jsonFieldsOf(struct, structs, version))
        fields.set(json, { type, within: within === "" ? struct : `${struct}.${within}` });
    } else if (field.json !== undefined) {
      fields.set(field.json, { type: inMessages(field.type, version), within: "" });
    }
  }
  return fields;
}

/** A type as `reflect` names it: `[]v1.Container`. */
function inMessages(type: string, version: string): string {
  if (type.startsWith("*")) return inMessages(type.slice(1), version);
  if (type === "[]byte") return "[]uint8";
  if (type.startsWith("[]")) return `[]${inMessages(type.slice(2), version)}`;
  const map = /^map\[([^\]]*)\](.*)$/.exec(type);
  if (map !== null) return `map[${inMessages(map[1] ?? "", version)}]${inMessages(map[2] ?? "", version)}`;
  if (/^(string|bool|u?int\d*|float\d*)$/.test(type)) return type;
  const [head = "", tail] = type.split(".");
  if (tail === undefined) return `${version}.${type}`;
  const packages: Record<string, string> = { metav1: "v1", corev1: "v1", apiv1: "v1" };
  return `${packages[head] ?? head}.${tail}`;
}

/** What a field's text in the schema lets expect: decoding errors go by the same. */
function expectedGoType(text: string): string {
  const [, type = "", suffix = ""] = /^([\w.]+)((?:\[\])?(?:\{\})?)!?$/.exec(text) ?? [];
  const item = expectedType(type);
  if (suffix === "[]") return `[]${item}`;
  if (suffix === "{}") return `map[string]${item}`;
  return suffix === "[]{}" ? `map[string][]${item}` : item;
}

function metaPackage(): GoPackage {
  const machinery = readdirSync(directory)
    .filter((entry) => /^apimachinery@v0\.36\.\d+$/.test(entry))
    .toSorted()
    .at(-1);
  return readPackage(join(directory, machinery ?? "", "pkg/apis/meta/v1"));
}

function readPackage(path: string): GoPackage {
  const known = packages.get(path);
  if (known !== undefined) return known;
  const structs = new Map<string, GoField[]>();
  const named = new Map<string, string>();
  let files: string[] = [];
  try {
    files = readdirSync(path).filter(
      (file) => file.endsWith("types.go") || file === "annotation_key_constants.go",
    );
  } catch {
    // A group without this version has no types to give.
  }
  for (const file of files) {
    const text = readFileSync(join(path, file), "utf8").replace(/\/\*[^]*?\*\//g, "");
    const code = text
      .split("\n")
      .map((line) => line.replace(/(^|\s)\/\/.*$/, ""))
      .join("\n");
    for (const [, name = "", body = ""] of code.matchAll(/^type (\w+) struct \{\n([^]*?)^\}/gm))
      structs.set(name, fieldsOf(body));
    for (const [, name = "", under = ""] of code.matchAll(
      /^type (\w+) =? ?((?!struct\b|interface\b)\S+)\s*$/gm,
    ))
      named.set(name, under);
  }
  const made = { structs, named };
  packages.set(path, made);
  return made;
}

function fieldsOf(body: string): GoField[] {
  return body.split("\n").flatMap((line): GoField[] => {
    const text = line.trim();
    const [, code = text, tag = ""] = /^(.*?)\s*`(.*)`$/.exec(text) ?? [];
    const json = /json:"([^",]*)/.exec(tag)?.[1];
    const plain = /^(\w+(?:, *\w+)*)\s+(\S+)$/.exec(code.trim());
    if (plain !== null)
      return (plain[1] ?? "").split(/, */).map((name) => ({ name, json, type: plain[2] ?? "" }));
    const embedded = /^\*?[\w.]+$/.exec(code.trim());
    if (embedded === null || code.trim().endsWith("TypeMeta")) return [];
    // An embedded struct with a name in JSON is a field like others.
    if (json !== undefined && json !== "")
      return [{ name: code.trim().split(".").at(-1), json, type: code.trim() }];
    return [{ name: undefined, json: undefined, type: code.trim() }];
  });
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function formatGoTypes({ of, shown, fields, embedded }: GoTypesFile): string {
  const section = (entries: Readonly<Record<string, string>>): string =>
    `{\n${Object.entries(entries)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",\n")}\n}`;
  return `{\n"of":${JSON.stringify(of)},\n"shown":${section(shown)},\n"fields":${section(fields)},\n"embedded":${section(embedded)}\n}\n`;
}
