import { invalidValue, type FieldErrors } from "../../../field-error.ts";

/** A path that would lead up. */
export function* backstepErrors(field: string, path: string): FieldErrors {
  if (path.split("/").includes("..")) yield invalidValue(field, path, "must not contain '..'");
}

/** A path that must stay below the folder that it begins in. */
export function* descendingPathErrors(field: string, path: string): FieldErrors {
  if (path.startsWith("/")) yield invalidValue(field, path, "must be a relative path");
  yield* backstepErrors(field, path);
}

/** A path of a file that the kubelet writes: names that begin with two dots are the kubelet's own. */
export function* localPathErrors(field: string, path: string): FieldErrors {
  yield* descendingPathErrors(field, path);
  if (path.startsWith("..") && !path.startsWith("../"))
    yield invalidValue(field, path, "must not start with '..'");
}
