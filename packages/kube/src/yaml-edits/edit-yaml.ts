import { parseDocument, type Document } from "yaml";
import { deepEqual } from "../deep-equal.ts";
import { composeDocuments, hasOtherMarks, slicesOf } from "../manifests/compose-documents.ts";
import { readPlainYaml } from "../manifests/read-plain-yaml.ts";
import { yamlOptions } from "../manifests/yaml-options.ts";
import { edited, type FieldEdit } from "./field-edit.ts";
import { findSpot } from "./find-spot.ts";
import { removal } from "./removal.ts";
import { renaming } from "./renaming.ts";
import { setting } from "./setting.ts";
import type { TextChange } from "./text-change.ts";

/**
 * A YAML or JSON text whose fields can be changed where they stand: comments, order, quotes, indentation and line ends
 * stay as they are. Each change is read back before it counts: the text then says what the edit wanted, and nothing else
 * is different, or the text stays as it was.
 */
export class EditableYaml {
  readonly #text: string;
  /** Made when it is needed first: most texts that could be changed are not. */
  #known: string[] | undefined;
  /** The piece that was read last: fixes of one object are tried one after the other. */
  #last: Reading | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text in pieces, one for each document with what belongs to it. */
  get #pieces(): string[] {
    return (this.#known ??= piecesOf(this.#text));
  }

  /** Makes one edit in a document. False when it cannot be made without touching anything else. */
  edit(document: number, edit: FieldEdit): boolean {
    const piece = this.#pieces[document];
    const after = piece === undefined ? undefined : orElse(undefined, () => this.#editPiece(piece, edit));
    if (after === undefined) return false;
    this.#pieces[document] = after;
    return true;
  }

  /** The text of each document, to go back to and to compare. */
  get pieces(): readonly string[] {
    return [...this.#pieces];
  }

  /** Goes back to pieces that it had. */
  restore(pieces: readonly string[]): void {
    this.#pieces.splice(0, this.#pieces.length, ...pieces);
  }

  toString(): string {
    return this.#known?.join("") ?? this.#text;
  }

  #editPiece(piece: string, edit: FieldEdit): string | undefined {
    const { document, content: before } = this.#read(piece);
    const wanted = before && edited(before.value, edit);
    const spot = findSpot(document, edit.path);
    if (wanted === undefined || spot === undefined) return undefined;
    if (deepEqual(wanted.value, before?.value)) return piece;
    const change = changeFor(piece, spot, edit);
    if (change === undefined) return undefined;
    const after = piece.slice(0, change.start) + change.text + piece.slice(change.end);
    const readBack = readPlainYaml(after) ?? this.#read(after).content;
    const isAsWanted = readBack !== undefined && deepEqual(readBack.value, wanted.value);
    return isAsWanted && after.endsWith("\n") === piece.endsWith("\n") ? after : undefined;
  }

  #read(piece: string): Reading {
    if (this.#last?.piece !== piece) {
      const document = parseDocument(piece, { ...yamlOptions, keepSourceTokens: true });
      this.#last = { piece, document, content: readPlainYaml(piece) ?? valueOf(document) };
    }
    return this.#last;
  }
}

/** A piece with the value that it has; none where it is broken. */
interface Reading {
  readonly piece: string;
  readonly document: Document.Parsed;
  readonly content: { readonly value: unknown } | undefined;
}

/** As many pieces as `parseDocuments` counts documents. */
function piecesOf(text: string): string[] {
  const starts = hasOtherMarks(text)
    ? orElse([], () => composeDocuments(text).map(({ range }) => range[0]))
    : slicesOf(text).map(({ start }) => start);
  if (starts.length === 0) return [text];
  return starts.map((start, index) => text.slice(index === 0 ? 0 : start, starts[index + 1]));
}

/** What is nested too deeply to be read stays as it is. */
function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}

function changeFor(
  text: string,
  spot: NonNullable<ReturnType<typeof findSpot>>,
  edit: FieldEdit,
): TextChange | undefined {
  if (edit.op === "set") return setting(text, spot, edit.value);
  if (spot.rest.length > 0) return undefined;
  return edit.op === "remove" ? removal(text, spot) : renaming(text, spot, edit.key);
}

function valueOf(document: Document.Parsed): { readonly value: unknown } | undefined {
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch {
    return undefined;
  }
}
