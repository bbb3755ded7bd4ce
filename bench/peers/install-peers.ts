import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Installs the npm packages that benches measure against, beside them. False, with a line on stderr: they are not to be had. */
export function installPeers(): boolean {
  if (existsSync(`${folder}node_modules/autocannon`)) return true;
  const args = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.stderr.write("skipped: npm could not install the peers\n");
  return status === 0;
}
