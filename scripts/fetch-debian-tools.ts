import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Where a program is, or why there is none, and then its tests skip. */
export type Tool = { readonly path: string } | { readonly problem: string };

/**
 * Gives Prometheus, promtool and the Redis server: those in PATH, else those of Debian's packages, fetched at the first
 * call. The packages are unpacked, not installed, which needs no root and changes nothing outside node_modules.
 */
export function fetchDebianTools(): Record<"prometheus" | "promtool" | "redisServer", Tool> {
  const prometheus = inPath("prometheus") ?? inPackage("prometheus", "usr/bin/prometheus");
  return {
    prometheus,
    promtool:
      inPath("promtool") ?? ("path" in prometheus ? inPackage("prometheus", "usr/bin/promtool") : prometheus),
    redisServer: inPath("redis-server") ?? inPackage("redis-tools", redisStarter, addRedisStarter),
  };
}

const cache = resolve("node_modules", ".cache", "seaworthy-debian");

function inPath(command: string): Tool | undefined {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, command));
  const path = paths.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  return path === undefined ? undefined : { path };
}

function inPackage(name: string, file: string, prepare?: (root: string) => void): Tool {
  if (process.platform !== "linux" || !("out" in run("apt-get", ["--version"])))
    return { problem: "it is not in PATH, and there is no apt-get to fetch it" };
  const root = join(cache, name);
  const path = join(root, file);
  if (existsSync(path)) return { path };
  // Renamed when it is whole and runs, so that an interrupted fetch leaves nothing that looks finished.
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const fetched = unpack(name, part);
  if ("problem" in fetched) return fetched;
  prepare?.(part);
  const started = run(join(part, file), ["--version"]);
  if ("problem" in started) return { problem: `${file} of ${name} does not run: ${started.problem}` };
  renameSync(part, root);
  return { path };
}

/** Unpacks a package and the libraries that it names into a folder. */
function unpack(name: string, folder: string): Result {
  const downloaded = download(name, folder, []);
  if ("problem" in downloaded) {
    // The machine's lists may be missing or old. With folders of its own apt-get can update them for anyone.
    const options = privateLists(join(cache, "apt"));
    const updated = run("apt-get", [...options, "update"], folder);
    if ("problem" in updated) return updated;
    const again = download(name, folder, options);
    if ("problem" in again) return again;
  }
  const archives = readdirSync(folder).filter((file) => file.endsWith(".deb"));
  for (const archive of archives) {
    const unpacked = run("dpkg-deb", ["-x", archive, "."], folder);
    if ("problem" in unpacked) return unpacked;
    rmSync(join(folder, archive));
  }
  return { out: "" };
}

function download(name: string, folder: string, options: readonly string[]): Result {
  const depends = run("apt-cache", [...options, "depends", name], folder);
  if ("problem" in depends) return depends;
  const libraries = [...depends.out.matchAll(/^ [ |]Depends: (lib\S+)$/gm)].map((match) => match[1] ?? "");
  // Every machine has the C library, and another one than its own does not run.
  const wanted = [
    name,
    ...libraries.filter((library) => library !== "libc6" && !library.startsWith("libjs-")),
  ];
  return run("apt-get", [...options, "download", ...wanted], folder);
}

function privateLists(folder: string): string[] {
  mkdirSync(join(folder, "lists", "partial"), { recursive: true });
  mkdirSync(join(folder, "cache", "archives", "partial"), { recursive: true });
  return ["-o", `Dir::State::Lists=${folder}/lists`, "-o", `Dir::Cache=${folder}/cache`];
}

const redisStarter = "redis-server";

/** The server is the program redis-check-rdb when that is called redis-server; its libraries are beside it. */
function addRedisStarter(root: string): void {
  if (!existsSync(join(root, "usr/bin/redis-server")))
    symlinkSync("redis-check-rdb", join(root, "usr/bin/redis-server"));
  const folders = ["usr/lib", "lib"].filter((folder) => existsSync(join(root, folder)));
  const libraries = folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((architecture) => `$root/${folder}/${architecture}`),
  );
  const script = [
    "#!/bin/sh",
    'root=$(dirname "$0")',
    `LD_LIBRARY_PATH="${libraries.join(":")}" exec "$root/usr/bin/redis-server" "$@"`,
  ];
  writeFileSync(join(root, redisStarter), `${script.join("\n")}\n`, { mode: 0o755 });
}

type Result = { readonly out: string } | { readonly problem: string };

function run(command: string, args: readonly string[], cwd?: string): Result {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 300_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status === 0) return { out: stdout };
  return { problem: `${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}` };
}
