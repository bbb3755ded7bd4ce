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
 * Gives Prometheus, promtool, the Redis server, and the folder in which WordPress lies with all that it needs: those that
 * are installed, else those of Debian's packages, fetched at the first call. The packages are unpacked, not installed,
 * which needs no root and changes nothing outside node_modules.
 */
export function fetchDebianTools(): Record<"prometheus" | "promtool" | "redisServer" | "wordpress", Tool> {
  const prometheus = inPath("prometheus") ?? inPackages(["prometheus"], "usr/bin/prometheus");
  return {
    prometheus,
    promtool:
      inPath("promtool") ??
      ("path" in prometheus ? inPackages(["prometheus"], "usr/bin/promtool") : prometheus),
    redisServer: inPath("redis-server") ?? inPackages(["redis-tools"], redisStarter, addRedisStarter),
    wordpress: wordpressFolder(),
  };
}

/** WordPress, Apache with PHP, and MariaDB, below one folder: that of the machine where all are installed. */
function wordpressFolder(): Tool {
  const files = ["usr/share/wordpress/wp-load.php", "usr/sbin/apache2", mariadb];
  if (files.every((file) => existsSync(join("/", file)))) return { path: "/" };
  const tool = inPackages(wordpressPackages, mariadb);
  return "path" in tool ? { path: tool.path.slice(0, -mariadb.length - 1) } : tool;
}

const mariadb = "usr/sbin/mariadbd";
/** The releases are those of Debian 12, which is what CI runs on. */
const wordpressPackages = [
  "wordpress",
  "wordpress-theme-twentytwentythree",
  "libjs-underscore",
  "libjs-cropper",
  "php-getid3",
  "apache2-bin",
  "libapache2-mod-php8.2",
  "php8.2-common",
  "php8.2-mbstring",
  "php8.2-mysql",
  "php8.2-opcache",
  "php8.2-xml",
  "mariadb-server-core",
];

const cache = resolve("node_modules", ".cache", "seaworthy-debian");

function inPath(command: string): Tool | undefined {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, command));
  const path = paths.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  return path === undefined ? undefined : { path };
}

/** A file of packages, which are kept in a folder that is called as the first one. */
function inPackages(names: readonly string[], file: string, prepare?: (root: string) => void): Tool {
  if (process.platform !== "linux" || !("out" in run("apt-get", ["--version"])))
    return { problem: "it is not in PATH, and there is no apt-get to fetch it" };
  const root = join(cache, names[0] ?? "");
  const path = join(root, file);
  if (existsSync(path)) return { path };
  // Renamed when it is whole and runs, so that an interrupted fetch leaves nothing that looks finished.
  const part = `${root}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const fetched = unpack(names, part);
  if ("problem" in fetched) return fetched;
  prepare?.(part);
  const libraries = librariesIn(part).map((folder) => join(part, folder));
  const started = run(join(part, file), ["--version"], { env: { LD_LIBRARY_PATH: libraries.join(":") } });
  if ("problem" in started) return { problem: `${file} does not run: ${started.problem}` };
  renameSync(part, root);
  return { path };
}

/** Unpacks packages, and the libraries that they need, into a folder. */
function unpack(names: readonly string[], folder: string): Result {
  const downloaded = download(names, folder, []);
  if ("problem" in downloaded) {
    // The machine's lists may be missing or old. With folders of its own apt-get can update them for anyone.
    const options = privateLists(join(cache, "apt"));
    const updated = run("apt-get", [...options, "update"], { cwd: folder });
    if ("problem" in updated) return updated;
    const again = download(names, folder, options);
    if ("problem" in again) return again;
  }
  const archives = readdirSync(folder).filter((file) => file.endsWith(".deb"));
  for (const archive of archives) {
    const unpacked = run("dpkg-deb", ["-x", archive, "."], { cwd: folder });
    if ("problem" in unpacked) return unpacked;
    rmSync(join(folder, archive));
  }
  return { out: "" };
}

function download(names: readonly string[], folder: string, options: readonly string[]): Result {
  const wanted = new Set(names);
  let added = [...names];
  // Libraries need libraries. The rounds end by themselves, since there are only so many.
  while (added.length > 0) {
    const depends = run("apt-cache", [...options, "depends", ...added], { cwd: folder });
    if ("problem" in depends) return depends;
    const libraries = [...depends.out.matchAll(/^ [ |]Depends: (lib\S+)$/gm)].map((match) => match[1] ?? "");
    added = [...new Set(libraries)].filter((library) => isFetched(library) && !wanted.has(library));
    for (const library of added) wanted.add(library);
  }
  return run("apt-get", [...options, "download", ...wanted], { cwd: folder });
}

/** Every machine has the C library, and another one than its own does not run. */
function isFetched(library: string): boolean {
  return library !== "libc6" && !library.startsWith("libjs-") && !library.startsWith("libc-");
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
  const libraries = librariesIn(root).map((folder) => `$root/${folder}`);
  const script = [
    "#!/bin/sh",
    'root=$(dirname "$0")',
    `LD_LIBRARY_PATH="${libraries.join(":")}" exec "$root/usr/bin/redis-server" "$@"`,
  ];
  writeFileSync(join(root, redisStarter), `${script.join("\n")}\n`, { mode: 0o755 });
}

/** The folders of libraries below a folder, such as usr/lib/x86_64-linux-gnu. */
function librariesIn(root: string): string[] {
  const folders = ["usr/lib", "lib"].filter((folder) => existsSync(join(root, folder)));
  return folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
}

type Result = { readonly out: string } | { readonly problem: string };

function run(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Result {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 300_000,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (status === 0) return { out: stdout };
  return { problem: `${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}` };
}
