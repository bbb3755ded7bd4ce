/**
 * Runs every check of the repository, all of them even when one fails, and prints one line for each.
 * This is what CI runs and what `npm run check` runs.
 */
import { spawnSync } from "node:child_process";
import { delimiter, dirname, resolve } from "node:path";
import { buildPrometheus } from "./build-prometheus.ts";
import { fetchDebianTools, type Tool } from "./fetch-debian-tools.ts";
import { fetchKubernetesTools } from "./fetch-kubernetes-tools.ts";

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const bin = (name: string): string => resolve("node_modules", ".bin", name);

const checks: readonly Check[] = [
  { name: "types", command: [bin("tsc"), "-p", "."] },
  { name: "lint", command: [bin("oxlint"), "--type-aware", "--deny-warnings"] },
  { name: "format", command: [bin("oxfmt"), "--check"] },
  { name: "unused code and dependencies", command: [bin("knip"), "--no-progress"] },
  { name: "tests", command: ["npm", "test", "--silent"] },
  { name: "long tests", command: ["npm", "test", "--silent", "--", "--long"] },
  {
    name: "npm start",
    command: ["npm", "start", "--silent", "--", "--report", resolve("node_modules", ".seaworthy-start.json")],
  },
  { name: "examples", command: [process.execPath, "scripts/check-examples.ts"] },
  // Says why it runs nothing where the suite is not at hand.
  { name: "conformance, a slice", command: [process.execPath, "bench/conformance.ts", "--slice"] },
  { name: "advice", command: [process.execPath, "bench/advice-proof.ts", "", "4"] },
  { name: "nothing left in the tree", command: ["git", "diff", "--exit-code", "--stat"] },
];

const { prometheus, promtool, redisServer, wordpress } = fetchDebianTools();
const { kubectl, helm } = fetchKubernetesTools();
const tools: Readonly<Record<string, Tool>> = {
  KUBECTL: kubectl,
  HELM: helm,
  PROMETHEUS: prometheus,
  PROMTOOL: promtool,
  PROMETHEUS_KUBERNETES: buildPrometheus(),
  REDIS_SERVER: redisServer,
  WORDPRESS_ROOT: wordpress,
};
const environment: NodeJS.ProcessEnv = {
  // More than a test has time for.
  FUZZ_CASES: "40000",
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
};
for (const [name, tool] of Object.entries(tools)) {
  if ("path" in tool) environment[name] = tool.path;
  const found = "path" in tool ? tool.path : `none, its tests will skip: ${tool.problem}`;
  process.stdout.write(`${name}: ${found}\n`);
}
const failed: string[] = [];
for (const check of checks) {
  process.stdout.write(`\n== ${check.name}\n`);
  const started = performance.now();
  const [command = "", ...args] = check.command;
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: environment });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${check.name}: ${status === 0 ? "ok" : "FAILED"} (${seconds} s)\n`);
  if (status !== 0) failed.push(check.name);
}

if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(", ")}\n`);
process.stdout.write(`\nchecks: ${checks.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
