import { checkManifest } from "@seaworthy/kube";
import { findRelationProblems } from "../relations/check-relations.ts";
import { leaveOut, type ManifestSet } from "./leave-out.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { placeholderError } from "./meant-for-tool.ts";
import { parseSources } from "./parse-sources.ts";
import type { SourceOptions } from "./read-sources.ts";

/** How a set is parsed. */
export interface ParseSetOptions extends Pick<SourceOptions, "command"> {
  /** Keep custom kinds: a real cluster may serve them. */
  readonly allowCustomKinds: boolean;
}

/**
 * Parses and checks the texts of one set of manifests. Throws one `SeaworthyError`, or an AggregateError of them when
 * several things are wrong.
 */
export function parseManifestSet(sources: readonly ManifestSource[], options: ParseSetOptions): ManifestSet {
  const { manifests: all, problems } = parseSources(sources, options.command);
  for (const manifest of all) {
    const placeholder = placeholderError(manifest, options.command);
    problems.push(...(placeholder === undefined ? checkManifest(manifest) : [placeholder]));
  }
  const set = leaveOut(all, options);
  if (problems.length === 0 && all.length > 0) problems.push(...findRelationProblems(set, options.command));
  if (problems.length === 1) throw problems[0]!;
  if (problems.length > 1) throw new AggregateError(problems, `${problems.length} problems`);
  return set;
}
