import type { Place, SeaworthyError } from "@seaworthy/errors";
import type { Ignored } from "../ignores/apply-ignores.ts";
import type { ChosenRule } from "../choice/choose-rules.ts";
import type { Reported } from "../run/reported.ts";

/** All that a run of `seaworthy check` has to tell, in whatever format. */
export interface CheckResult {
  readonly version: string;
  readonly profile: string;
  readonly rules: readonly ChosenRule[];
  readonly objects: number;
  /** Names of the texts that were looked at. */
  readonly files: readonly string[];
  /** The texts of those that can be mended, by their names. */
  readonly texts: ReadonlyMap<string, string>;
  /** The cluster that was looked at in place of files. */
  readonly cluster?: string | undefined;
  readonly findings: readonly Reported[];
  /** What `--fix` has mended, or would with `--dry-run`. */
  readonly fixed: readonly Reported[];
  readonly ignored: readonly Ignored[];
  /** How many findings the baseline knows, and how many of its own are gone. */
  readonly known: number;
  readonly gone: number;
  /** Paths that could not be read or rendered. */
  readonly failures: readonly SeaworthyError[];
  /** What trials of the findings showed, as data, where they were asked for. */
  readonly proof?: Readonly<Record<string, unknown>>;
}

/** The page about a rule, in this repository. */
export function pageOf(rule: string): string {
  return /^SW\d+$/.test(rule) ? `docs/errors.md#${rule.toLowerCase()}` : `docs/rules/${rule}.md`;
}

/** Where a finding stands in a text that somebody can open; undefined for one in an object of a cluster, which has no lines. */
export function placeInText({ place }: Reported): Place | undefined {
  return place?.isOfObject === true ? undefined : place;
}
