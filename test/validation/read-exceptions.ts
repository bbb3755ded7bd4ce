/** The cases that docs/fidelity.md lists as answered in other words: the lines of a list that begin with a name in backticks. */
export function readExceptions(document: string): ReadonlySet<string> {
  const section = /^## Validation,.*?(?=^## |(?![^]))/ms.exec(document)?.[0] ?? "";
  return new Set(Array.from(section.matchAll(/^- `([^`]+)`/gm), ([, name]) => name ?? ""));
}
