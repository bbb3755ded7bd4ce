/** The answers by path. */
export type ConfiguredRoutes = ReadonlyMap<string, string>;

const maxRoutes = 1_000;

/**
 * Takes routes from configuration: `{"/route1": "route1's content"}`. A path is matched as a whole, as the client sent it
 * without its query. Throws when a value is not valid.
 */
export function parseConfiguredRoutes(value: unknown): ConfiguredRoutes {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`use an object of paths and texts, such as {"/route1": "its content"}`);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > maxRoutes) throw new RangeError(`use at most ${maxRoutes} routes`);
  for (const [path, content] of entries) {
    if (!/^\/[^?#\s]*$/.test(path))
      throw new RangeError(
        `${JSON.stringify(path)} is not a path: begin with / and leave out ?, # and spaces`,
      );
    if (typeof content !== "string") throw new TypeError(`the answer at ${path} must be a text`);
  }
  return new Map(entries as [string, string][]);
}

/** The answer of a configured route. */
export function configuredAnswer(path: string, content: string): string {
  return `Hello, You are at ${path}, Got: ${content}`;
}
