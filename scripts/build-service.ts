/**
 * Makes packages/service/dist, which is what the published package has: Node strips no types below node_modules, and a
 * hundred small modules take longer to find and to load than a few large ones.
 */
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("../packages/service/", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
rmSync(`${folder}dist`, { recursive: true, force: true });
await build({
  entryPoints: {
    index: `${folder}src/index.ts`,
    // A thread is started from its file, which stands beside the code that starts it.
    "health-worker": `${folder}src/probes/health-worker.ts`,
  },
  outdir: `${folder}dist`,
  bundle: true,
  // What is imported only when it is needed stays apart.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  external: Object.keys(dependencies).filter((name) => !name.startsWith("@seaworthy/")),
});
