/**
 * The parts of a path, decoded. Undefined for a path with a broken escape, such as `%zz`.
 * Routing and authorization read paths by this function alone, so that they never see different things.
 */
export function pathParts(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map((part) => (part.includes("%") ? decodeURIComponent(part) : part));
  } catch {
    return undefined;
  }
}
