import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A set of manifests, and what must be found in it. */
export interface CorpusFile {
  readonly file: string;
  readonly text: string;
  /** `line rule`, in the order of the lines and then of the rules. */
  readonly expected: readonly string[];
}

/**
 * The manifests that linters are compared by: `faulty` ones break production in several ways at once, `clean` ones are written
 * with care. A comment `# ^ no-drain, image-latest` says what has to be found in the line above it.
 */
export function readCorpus(half: "clean" | "faulty"): readonly CorpusFile[] {
  const folder = fileURLToPath(new URL(`corpus/${half}/`, import.meta.url));
  return globSync(`${folder}*.yaml`)
    .toSorted()
    .map((file) => {
      const text = readFileSync(file, "utf8");
      return { file, text, expected: expectedIn(text) };
    });
}

function expectedIn(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, rules] = /^\s*# \^ (.+)$/.exec(line) ?? [];
    return (rules?.split(", ") ?? []).toSorted().map((rule) => `${index} ${rule}`);
  });
}
