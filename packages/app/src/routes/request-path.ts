/** A path to ask for, as a client of the route writes it, and as the app then sees it. */
export interface RequestPath {
  readonly path: string;
  readonly appPath: string;
}

/** One path of an Ingress, with what its annotations make of it. */
export interface PathRule {
  readonly pattern: string;
  readonly pathType: string | undefined;
  readonly rewrite: string | undefined;
  /** ingress-nginx takes the paths of an Ingress as regular expressions with use-regex or rewrite-target. */
  readonly usesRegex: boolean;
}

/** What the app sees of a path that the rule takes; undefined when the rule does not take it. */
export function appPathOf(rule: PathRule, path: string): string | undefined {
  const [bare = "", query] = path.split(/(?=\?)/, 2);
  const seen = isPattern(rule) ? rewritten(rule, bare) : takesPlain(rule, bare) ? bare : undefined;
  return seen === undefined ? undefined : seen + (query ?? "");
}

/**
 * Paths that the rule takes, best first: its own, and those by which the app gets one of `appPaths`. Under a plain
 * prefix these are paths below it; where a pattern is rewritten, they stand where the pattern takes the rest.
 */
export function pathsUnder(rule: PathRule, appPaths: readonly string[]): RequestPath[] {
  const { pattern } = rule;
  const wanted = isPattern(rule)
    ? [
        ...(hasWildcard(pattern) ? [fill(pattern, "")] : [pattern]),
        ...appPaths.flatMap((appPath) =>
          [appPath, fill(pattern, appPath), fill(pattern, appPath.replace(/^\//, ""))].filter(
            (path) => appPathOf(rule, path) === appPath,
          ),
        ),
      ]
    : [pattern, ...appPaths];
  const taken = wanted.filter((path) => appPathOf(rule, path) !== undefined);
  // A pattern may want at least one character where the app has nothing to offer.
  if (taken.length === 0) taken.push(fill(pattern, "seaworthy"));
  return [...new Set(taken)].flatMap((path) => {
    const appPath = appPathOf(rule, path);
    return appPath === undefined ? [] : [{ path, appPath }];
  });
}

function isPattern({ pattern, rewrite, usesRegex, pathType }: PathRule): boolean {
  return (
    rewrite !== undefined || usesRegex || (pathType === "ImplementationSpecific" && hasWildcard(pattern))
  );
}

function hasWildcard(pattern: string): boolean {
  return /[()*?+[\]\\|^$]/.test(pattern);
}

function takesPlain({ pattern, pathType }: PathRule, path: string): boolean {
  if (pathType === "Exact") return path === pattern;
  if (pathType === "ImplementationSpecific") return path.startsWith(pattern);
  const prefix = pattern.replace(/\/$/, "");
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** What ingress-nginx sends on: the whole path becomes the target, with the pattern's groups filled in. */
function rewritten({ pattern, rewrite }: PathRule, path: string): string | undefined {
  let match: RegExpExecArray | null;
  try {
    match = new RegExp(`^${pattern}`, "i").exec(path);
  } catch {
    // No regular expression of ours (PCRE knows more): nothing can be said about it.
    return undefined;
  }
  if (match === null) return undefined;
  if (rewrite === undefined) return path;
  const target = rewrite.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
  return target.startsWith("/") ? target : `/${target}`;
}

/** Turns a regular expression as Ingresses have them into one path: the last open group takes `insert`, others nothing. */
function fill(pattern: string, insert: string): string {
  const groups = [...pattern.matchAll(/\(([^()]*)\)[?*+]?/g)];
  const wide = groups.findLast((group) => /\.[*+]/.test(group[1] ?? ""));
  const filled = groups.reduceRight((text, group) => {
    const start = group.index;
    const separator = /^\/\|\$$/.test(group[1] ?? "") ? "/" : undefined;
    const alternative = (group[1] ?? "").split("|")[0]!.replace(/[\\^$]|\.[*+]/g, "");
    const replacement = group === wide ? insert : (separator ?? alternative);
    return text.slice(0, start) + replacement + text.slice(start + group[0].length);
  }, pattern);
  const path = filled
    .replace(/\.[*+]/g, insert.replace(/^\//, ""))
    .replace(/[\\^$?*+]/g, "")
    .replace(/\/{2,}/g, "/");
  return path.startsWith("/") ? path : `/${path}`;
}
