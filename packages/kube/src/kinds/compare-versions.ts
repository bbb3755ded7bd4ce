/**
 * Orders versions: the stable ones first, then beta, then alpha, the newest of each first, and what is no such version at
 * the end (k8s.io/apimachinery/pkg/version, CompareKubeAwareVersionStrings).
 */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [versionRank(left), versionRank(right)];
  const index = a.findIndex((value, at) => value !== b[at]);
  if (index < 0) return left < right ? -1 : left > right ? 1 : 0;
  return (b[index] ?? 0) - (a[index] ?? 0);
}

function versionRank(version: string): number[] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return [0, 0, 0];
  return [stage === undefined ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor ?? 0)];
}
