import type { Place } from "@seaworthy/errors";
import { findComments, type FoundComment, type Manifest } from "@seaworthy/kube";
import type { Reported } from "../run/reported.ts";

/** A text that is checked, by the name that places have. */
export interface CheckedText {
  readonly name: string;
  readonly text: string;
}

/** A finding that somebody wants to hear no more of, and why. */
export interface Ignore {
  readonly rule: string;
  /** Empty where none was given. */
  readonly reason: string;
  readonly place: Place;
  covers(found: Reported): boolean;
}

/** The annotation of an object: `rule: reason; rule2: reason`. */
export const ignoreAnnotation = "seaworthy.dev/ignore";

/**
 * What is to be ignored: by an annotation, which is about all of its object, and by a comment
 * `# seaworthy-ignore rule: reason`, which is about its own line or the one below.
 */
export function findIgnores(sources: readonly CheckedText[], manifests: readonly Manifest[]): Ignore[] {
  return [...manifests.flatMap(ofAnnotation), ...sources.flatMap(ofComments)];
}

function ofAnnotation(manifest: Manifest): Ignore[] {
  const annotations: unknown = manifest.object.metadata.annotations;
  const text = (annotations as Record<string, unknown> | null | undefined)?.[ignoreAnnotation];
  if (typeof text !== "string") return [];
  const place = manifest.locate(["metadata", "annotations", ignoreAnnotation]);
  return readIgnores(text).map((ignore) => ({
    ...ignore,
    place,
    covers: ({ rule, finding }) => rule === ignore.rule && finding?.manifest === manifest,
  }));
}

const comment = /^#+\s*seaworthy-ignore\b:?\s*(.*)$/;

function ofComments({ name, text }: CheckedText): Ignore[] {
  // Most texts have none, and need not be read again.
  if (!text.includes("seaworthy-ignore")) return [];
  const lines = text.split("\n");
  return findComments(text).flatMap((found) => {
    const said = comment.exec(found.text.trimEnd())?.[1];
    return said === undefined ? [] : ofComment(found, said, name, lines[found.line - 1]!.replace(/\r$/, ""));
  });
}

function ofComment(found: FoundComment, said: string, file: string, sourceLine: string): Ignore[] {
  const { line, column, text, about } = found;
  const place: Place = { file, line, column, length: text.trimEnd().length, sourceLine };
  return readIgnores(said).map((ignore) => ({
    ...ignore,
    place,
    covers: (reported) =>
      reported.rule === ignore.rule && reported.place?.file === file && reported.place.line === about,
  }));
}

/** A semicolon before a rule's id begins the next one; elsewhere it is part of the reason. */
function readIgnores(text: string): { rule: string; reason: string }[] {
  return text.split(/;\s*(?=[a-z0-9-]+\s*:)/).map((part) => {
    const [, rule = "", reason = ""] = /^\s*([^\s:;]*)\s*:?\s*(.*?)[\s;]*$/s.exec(part) ?? [];
    return { rule, reason };
  });
}
