import type { ManifestSource } from "@seaworthy/app";
import type { Edit } from "../rule.ts";
import { openFiles, type FixedFile } from "./open-files.ts";
import { applyWhole, placed } from "./placed-edit.ts";

/**
 * Makes edits of objects in the files that they are from, in memory, all of them or none. Undefined when one cannot be made:
 * its object comes from no file, or its text is written in a way that leaves no room for it.
 */
export function editFiles(
  sources: readonly ManifestSource[],
  edits: readonly Edit[],
): FixedFile[] | undefined {
  const { texts, changed } = openFiles(sources);
  const all = edits.map((edit) => placed(edit));
  const isWhole = all.every(({ file }) => texts.has(file)) && applyWhole(all, texts);
  return isWhole ? changed() : undefined;
}
