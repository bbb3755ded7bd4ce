import type { EditableYaml, FieldEdit } from "@seaworthy/kube";
import type { Edit } from "../rule.ts";

/** An edit, where it is in a text. */
export interface PlacedEdit {
  readonly file: string;
  readonly document: number;
  readonly edit: FieldEdit;
}

/** Finds the field of an edit in the text that its object is from. */
export function placed({ manifest, ...edit }: Edit): PlacedEdit {
  const { document, path } = manifest.origin;
  return { file: manifest.file, document, edit: { ...edit, path: [...path, ...edit.path] } };
}

/** Makes all of some edits, or none of them. */
export function applyWhole(edits: readonly PlacedEdit[], texts: ReadonlyMap<string, EditableYaml>): boolean {
  const before = new Map(
    [...new Set(edits.map(({ file }) => file))].map((file) => [file, texts.get(file)!.pieces]),
  );
  if (edits.every(({ file, document, edit }) => texts.get(file)!.edit(document, edit))) return true;
  for (const [file, pieces] of before) texts.get(file)!.restore(pieces);
  return false;
}
