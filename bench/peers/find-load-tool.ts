import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers } from "./install-peers.ts";

/** The load generators that the benches compare with. */
export type LoadTool = "autocannon" | "fortio" | "hey" | "k6" | "oha" | "vegeta" | "wrk";

/**
 * The command that starts a tool: what an environment variable names (FORTIO for fortio), or what is found on the PATH or
 * in ~/.cache/seaworthy-peers. Undefined, with a line on stderr, when there is none. autocannon comes from npm.
 */
export function findLoadTool(name: LoadTool): readonly string[] | undefined {
  const variable = name.toUpperCase();
  const given = process.env[variable];
  if (given !== undefined) return [given];
  if (name === "autocannon")
    return installPeers()
      ? [process.execPath, fileURLToPath(new URL("node_modules/autocannon/autocannon.js", import.meta.url))]
      : undefined;
  const cache = path.join(homedir(), ".cache/seaworthy-peers");
  const folders = [
    ...(process.env["PATH"] ?? "").split(path.delimiter),
    cache,
    path.join(cache, "cargo/bin"),
  ];
  const found = folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  if (found !== undefined) return [found];
  process.stderr.write(`skipped: ${name}: not on the PATH; set ${variable}\n`);
  return undefined;
}
