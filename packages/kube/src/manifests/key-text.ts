import { isScalar } from "yaml";

/** The text of a map's key, as it becomes the name of a field. */
export function keyText(key: unknown): string {
  const value: unknown = isScalar(key) ? key.value : key;
  // The merge key is a symbol.
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}
