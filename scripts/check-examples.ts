/**
 * Tries every example as its README says, and holds the verdict against what its README promises.
 * Prints one line for each, with the time that it took; exits 1 when a verdict is another one.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const seeds = "examples/seed-manifests";
const examples: readonly (readonly [path: string, verdict: string])[] = [
  [`${seeds}/a-httpserver/k8s`, "leaking"],
  [`${seeds}/b-httpserver-course/k8s`, "leaking"],
  [`${seeds}/c-simple-server/k8s`, "leaking"],
  [`${seeds}/d-wordpress/k8s`, "leaking"],
  [`${seeds}/d-wordpress/k8s-prestop`, "seaworthy"],
];

let wrong = 0;
for (const [path, expected] of examples) {
  const startedAt = performance.now();
  const report = resolve("node_modules", ".seaworthy-example.json");
  const args = ["packages/cli/src/main.mjs", "trial", path, "--output", "json", "--report", report];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const { verdict, why, requests, terminations } = parse(stdout);
  const counts = requests === undefined ? "" : `${requests.failed} of ${requests.scheduled} lost`;
  process.stdout.write(
    `${verdict === expected ? "ok    " : "WRONG "} ${path}: ${verdict}, ${counts} in ${terminations ?? 0} terminations (${seconds} s)\n`,
  );
  if (verdict === expected) continue;
  wrong += 1;
  process.stdout.write(`       expected ${expected}. ${why ?? ""}\n${stderr}\n`);
}
process.exitCode = wrong === 0 ? 0 : 1;

interface Verdict {
  readonly verdict: string;
  readonly why?: string;
  readonly requests?: { readonly scheduled: number; readonly failed: number };
  readonly terminations?: number;
}

function parse(stdout: string): Verdict {
  try {
    return JSON.parse(stdout) as Verdict;
  } catch {
    return { verdict: "no verdict" };
  }
}
