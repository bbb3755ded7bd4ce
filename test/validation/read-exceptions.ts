/**
 * The cases that docs/fidelity.md lists as answered in other words: the lines of a list that begin with a name in backticks,
 * in the section whose heading begins with `about`.
 */
export function readExceptions(document: string, about = "Validation,"): ReadonlySet<string> {
  const section = new RegExp(`^## ${about}.*?(?=^## |(?![^]))`, "ms").exec(document)?.[0] ?? "";
  return new Set(Array.from(section.matchAll(/^- `([^`]+)`/gm), ([, name]) => name ?? ""));
}
