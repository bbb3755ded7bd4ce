import historyFile from "./api-history.generated.json" with { type: "json" };

/** By `apiVersion/Kind`: the releases in which it came, was deprecated and is gone, and the apiVersion to use instead. */
export type ApiHistory = Readonly<Record<string, readonly string[]>>;

/** What became of a kind in one version of its API. */
export interface ApiVersion {
  readonly since: string;
  readonly deprecated: string | undefined;
  readonly removed: string | undefined;
  readonly instead: string | undefined;
}

const history: ApiHistory = historyFile;

/** Undefined for custom kinds, and for built-in ones that have not changed as long as anybody remembers. */
export function apiVersionOf(apiVersion: string, kind: string): ApiVersion | undefined {
  const name = `${apiVersion}/${kind}`;
  if (!Object.hasOwn(history, name)) return undefined;
  const [since = "1.0", deprecated, removed, instead] = history[name] ?? [];
  return { since, deprecated: deprecated || undefined, removed: removed || undefined, instead };
}

/** Whether a release of Kubernetes is as new as another: `1.33` and `1.9`. */
export function isAtLeast(release: string, other: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [numbersOf(release), numbersOf(other)];
  return major === otherMajor ? minor >= otherMinor : major > otherMajor;
}

function numbersOf(release: string): number[] {
  return release.replace(/^v/, "").split(".").map(Number);
}
