import { readFileSync } from "node:fs";

/** A type of a TypeScript declaration, as far as a schema can use it. */
export type Declared =
  | { readonly is: "scalar"; readonly name: string }
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "list"; readonly of: Declared }
  | { readonly is: "map"; readonly of: Declared }
  | {
      readonly is: "struct";
      readonly fields: Readonly<Record<string, Declared>>;
      readonly extends: readonly string[];
    };

/** The types that a `.d.ts` file of `@kubernetes-models` exports, by all their names. */
export function readDeclarations(file: string): Map<string, Declared> {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = new Map<string, Declared>();
  for (const [, name = "", parents = ""] of text.matchAll(
    /^export interface (\w+)(?: extends ([^{]+))? \{/gm,
  )) {
    const start =
      text.indexOf(`export interface ${name} `) +
      text.slice(text.indexOf(`export interface ${name} `)).indexOf("{");
    const { fields } = new Reader(text.slice(start)).struct();
    found.set(name, {
      is: "struct",
      fields,
      extends: parents
        .split(",")
        .map((each) => each.trim())
        .filter(Boolean),
    });
  }
  for (const { 1: name = "", index, 0: head } of text.matchAll(/^export type (\w+) = /gm))
    found.set(name, new Reader(text.slice(index + head.length)).union());
  for (const [, list = ""] of text.matchAll(/^export type \{([^}]+)\}/gm))
    for (const [, own = "", other = ""] of list.matchAll(/(\w+) as (\w+)/g)) {
      const type = found.get(own);
      if (type !== undefined) found.set(other, type);
    }
  return found;
}

const any: Declared = { is: "scalar", name: "any" };

/** Reads types out of text, token by token. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/"(?:[^"\\]|\\.)*"|[\w$]+|[{}()[\]<>|&;:,?]/g) ?? [];
  }

  struct(): { readonly fields: Record<string, Declared>; readonly values?: Declared } {
    const fields: Record<string, Declared> = {};
    let values: Declared | undefined;
    this.#expect("{");
    while (!this.#take("}")) {
      if (this.#take("[")) {
        while (!this.#take("]")) this.#at += 1;
        this.#expect(":");
        values = this.union();
      } else {
        const name = this.#next().replace(/^"|"$/g, "");
        this.#take("?");
        this.#expect(":");
        fields[name] = this.union();
      }
      this.#take(";");
    }
    return values === undefined ? { fields } : { fields, values };
  }

  union(): Declared {
    this.#take("|");
    const members = [this.#both()];
    while (this.#take("|")) members.push(this.#both());
    return members.length === 1 ? members[0]! : together(members);
  }

  #both(): Declared {
    const members = [this.#single()];
    while (this.#take("&")) members.push(this.#single());
    return members.length === 1 ? members[0]! : together(members);
  }

  #single(): Declared {
    let type = this.#plain();
    while (this.#take("[")) {
      this.#expect("]");
      type = { is: "list", of: type };
    }
    return type;
  }

  #plain(): Declared {
    const token = this.#tokens[this.#at];
    if (token === "{") {
      const { fields, values } = this.struct();
      return values === undefined ? { is: "struct", fields, extends: [] } : { is: "map", of: values };
    }
    if (this.#take("(")) {
      const type = this.union();
      this.#expect(")");
      return type;
    }
    const name = this.#next();
    const parameters: Declared[] = [];
    if (this.#take("<"))
      do parameters.push(this.union());
      while (this.#take(","));
    this.#take(">");
    const [first = any] = parameters;
    if (name.startsWith('"')) return { is: "scalar", name: "string" };
    if (name === "Array") return { is: "list", of: first };
    if (name === "Exclude") return first;
    if (name === "string" || name === "boolean" || name === "number") return { is: "scalar", name };
    if (/^\d/.test(name)) return { is: "scalar", name: "number" };
    if (name === "any" || name === "unknown" || name === "object" || name === "null") return any;
    return { is: "name", name };
  }

  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? "";
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token))
      throw new SyntaxError(
        `${token} expected before ${this.#tokens.slice(this.#at, this.#at + 8).join(" ")}`,
      );
  }
}

/** What any of several types may hold: of structs all their fields. */
function together(members: readonly Declared[]): Declared {
  const structs = members.filter((each) => each.is === "struct");
  if (structs.length === members.length)
    return {
      is: "struct",
      fields: Object.assign({}, ...structs.map(({ fields }) => fields)) as Record<string, Declared>,
      extends: [],
    };
  const scalars = new Set(members.map((each) => (each.is === "scalar" ? each.name : "")));
  if (scalars.has("")) return any;
  if (scalars.size === 1) return members[0]!;
  return scalars.has("string") && scalars.has("number") && scalars.size === 2
    ? { is: "scalar", name: "intOrString" }
    : any;
}
