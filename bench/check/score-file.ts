import { spawnSync } from "node:child_process";

interface Scored {
  readonly checks?: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
  }[];
}

/** kube-score's grades: 1 critical, 5 warning, 7 almost good, 10 good. */
const worstGood = 7;

/** The checks of kube-score that fail for an object of a file; none where it does not read the file. */
export function scoreFile(command: string, file: string): Set<string> {
  const args = ["score", "--output-format", "json", "--kubernetes-version", "v1.36", file];
  const { stdout } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  let scored: readonly Scored[] | null;
  try {
    scored = JSON.parse(stdout) as typeof scored;
  } catch {
    return new Set();
  }
  return new Set(
    (scored ?? []).flatMap(({ checks = [] }) =>
      checks.filter(({ grade, skipped }) => !skipped && grade < worstGood).map(({ check }) => check.id),
    ),
  );
}
