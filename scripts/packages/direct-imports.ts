import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "esbuild";

/**
 * Lets sources import what they need of another package from the module that has it, and not from that package's `index.ts`: which
 * chunk a module goes into is decided by who imports it, used or not, so that a short command loaded every package whole.
 */
export const directImports = (root: string): Plugin => ({
  name: "direct imports",
  setup({ onLoad }) {
    const homes = new Map<string, ReadonlyMap<string, string>>();
    const homesIn = (folder: string) => {
      const known = homes.get(folder) ?? homesOf(path.join(root, "packages", folder, "src/index.ts"));
      homes.set(folder, known);
      return known;
    };
    onLoad({ filter: /[/\\]packages[/\\][a-z]+[/\\]src[/\\].*\.ts$/ }, (file) => ({
      contents: importDirectly(readFileSync(file.path, "utf8"), homesIn),
      loader: "ts",
    }));
  },
});

/** The text with its imports of names from `@seaworthy/FOLDER` turned to where `homesIn(FOLDER)` says that they are. */
export function importDirectly(
  text: string,
  homesIn: (folder: string) => ReadonlyMap<string, string>,
): string {
  return text.replace(
    /^import \{([^}]*)\} from "@seaworthy\/([a-z]+)";/gm,
    (whole, names: string, folder: string) => {
      const homes = homesIn(folder);
      const wanted = namesIn(names);
      if (!wanted.every(({ name }) => homes.has(name))) return whole;
      const byHome = Map.groupBy(wanted, ({ name }) => homes.get(name)!);
      return Array.from(byHome, ([home, each]) => {
        const inner = each.map(({ written }) => written).join(", ");
        return `import { ${inner} } from ${JSON.stringify(home)};`;
      }).join(" ");
    },
  );
}

/** Where the names are that an `index.ts` exports, of which each is named by hand. Types are not among them. */
function homesOf(index: string): ReadonlyMap<string, string> {
  const exported = readFileSync(index, "utf8").matchAll(/^export \{([^}]*)\} from "(\.[^"]+)";/gm);
  return new Map(
    [...exported].flatMap(([, names, file]) =>
      namesIn(names!)
        // A module that calls it otherwise is left to its index.
        .filter(({ name, written }) => name === written)
        .map(({ name }) => [name, path.resolve(path.dirname(index), file!)] as const),
    ),
  );
}

/** The names between the braces of an import or export, but for types, which are gone before anything runs. */
function namesIn(names: string): { readonly name: string; readonly written: string }[] {
  return names
    .split(",")
    .map((each) => each.trim())
    .filter((written) => written !== "" && !written.startsWith("type "))
    .map((written) => ({ name: written.split(" as ")[0]!, written }));
}
