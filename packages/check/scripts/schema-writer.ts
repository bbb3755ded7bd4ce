import { findTypeSchema } from "@seaworthy/kube";
import type { CustomSchemas } from "../src/schemas/custom-schemas.ts";
import type { Declared } from "./read-declarations.ts";

/** Writes declared types in the form of Kubernetes' own schema. */
export class SchemaWriter {
  readonly #schemas: CustomSchemas;
  readonly #exported: ReadonlyMap<string, Declared>;
  readonly #own: ReadonlyMap<string, Declared>;
  readonly #prefix: string;

  constructor(
    schemas: CustomSchemas,
    exported: ReadonlyMap<string, Declared>,
    own: ReadonlyMap<string, Declared>,
    prefix: string,
  ) {
    this.#schemas = schemas;
    this.#exported = exported;
    this.#own = own;
    this.#prefix = prefix.replaceAll(/[^\w.]/g, "_");
  }

  /** Writes a struct as a type, once, and gives its name. */
  structOf(struct: Declared & { is: "struct" }, name: string, besides: Record<string, string> = {}): string {
    const type = `${this.#prefix}.${name}`;
    if (type in this.#schemas.types) return type;
    const fields: Record<string, string> = { ...besides };
    this.#schemas.types[type] = fields;
    for (const [field, declared] of Object.entries(this.#fieldsOf(struct)))
      fields[field] ??= this.#text(declared, `${name}.${field}`);
    return type;
  }

  #fieldsOf(struct: Declared & { is: "struct" }): Record<string, Declared> {
    const inherited = struct.extends
      .map((parent) => this.#find(parent))
      .filter((each) => each?.is === "struct");
    return Object.assign({}, ...inherited.map((each) => this.#fieldsOf(each)), struct.fields) as Record<
      string,
      Declared
    >;
  }

  #find(name: string): Declared | undefined {
    return this.#own.get(name) ?? this.#exported.get(name);
  }

  #text(declared: Declared, name: string): string {
    if (declared.is === "list" || declared.is === "map")
      return this.#suffixed(declared.of, name, declared.is === "list" ? "[]" : "{}");
    if (declared.is === "scalar") return declared.name;
    if (declared.is === "struct")
      return Object.keys(declared.fields).length === 0 ? "any" : this.structOf(declared, name);
    const builtIn = builtInType(declared.name);
    if (builtIn !== undefined) return builtIn;
    const found = this.#find(declared.name);
    if (found === undefined) return "any";
    // Aliases of their own name would go on for ever.
    if (found.is === "name" && found.name === declared.name) return "any";
    if (found.is !== "struct") return this.#text(found, name);
    if (Object.keys(this.#fieldsOf(found)).length === 0) return "any";
    return this.structOf(found, declared.name.replace(/^I/, ""));
  }

  #suffixed(of: Declared, name: string, suffix: "[]" | "{}"): string {
    const inner = this.#text(of, name);
    if (suffix === "[]" && inner.endsWith("{}")) return "any[]";
    if (inner === "any" || /[\]}]$/.test(inner))
      return suffix === "{}" && inner.endsWith("[]") ? `${inner}{}` : `any${suffix}`;
    return `${inner}${suffix}`;
  }
}

/** Kubernetes' own types, by the names that the packages give them. */
function builtInType(name: string): string | undefined {
  const [, meta, group = "", version = "", api] =
    /^I*IoK8sApi(?:machineryPkgApisMetaV1(\w+)|(Core|Apps|Batch|Autoscaling)(V\d)(\w+))$/.exec(name) ?? [];
  if (meta === "Time" || meta === "MicroTime") return "time";
  if (meta === "Duration") return "string";
  if (meta !== undefined) return known(`meta.v1.${meta}`);
  if (api !== undefined) return known(`${group.toLowerCase()}.${version.toLowerCase()}.${api}`);
  if (name.endsWith("Quantity")) return "quantity";
  if (name.endsWith("IntOrString")) return "intOrString";
  if (name === "IObjectMeta") return "meta.v1.ObjectMeta";
  return undefined;
}

function known(type: string): string {
  return findTypeSchema(type) === undefined ? "any" : type;
}
