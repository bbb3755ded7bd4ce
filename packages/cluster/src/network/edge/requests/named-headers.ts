/** Names and values in turn, as an object with lower-case names, which HTTP/2 demands. What comes more than once is a list. */
export function namedHeaders(raw: readonly string[]): Record<string, string | string[]> {
  const named: Record<string, string | string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const value = raw[index + 1] ?? "";
    const before = named[name];
    named[name] = before === undefined ? value : [before, value].flat();
  }
  return named;
}
