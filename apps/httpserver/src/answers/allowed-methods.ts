import { methodsOf, type Operation } from "../openapi/operation.ts";

/** The methods that paths of no route take. */
export const echoMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/**
 * Tells which methods are taken at a path that belongs to an operation, as `allow` lists them; undefined for other paths.
 * `operations` may grow until it is first asked.
 */
export function allowedMethods(operations: readonly Operation[]): (path: string) => string | undefined {
  let byPath: ReadonlyMap<string, string> | undefined;
  return (path) => {
    byPath ??= collect(operations);
    // Parameters are the last segment of their path, so a look-up of the text before it is enough.
    return byPath.get(path) ?? byPath.get(path.slice(0, path.lastIndexOf("/") + 1));
  };
}

/** Path → methods: `/version` → `GET, HEAD, OPTIONS`; `/delay/` stands for all paths below it. Leaves out `/` and `/*`. */
function collect(operations: readonly Operation[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, string[]>();
  for (const operation of operations) {
    const { url } = operation;
    if (url === "/" || url === "/*") continue;
    const path = url.replace(/:\w+$/, "");
    const methods = byPath.get(path) ?? [];
    byPath.set(path, methods);
    for (const method of methodsOf(operation))
      methods.push(...(method === "GET" ? ["GET", "HEAD"] : [method]));
  }
  return new Map([...byPath].map(([path, methods]) => [path, [...methods, "OPTIONS"].join(", ")]));
}
