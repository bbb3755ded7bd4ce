// Makes a fresh clone runnable on any Node >= 20: installs what is missing, and finds a Node that can run the sources.
// Plain JavaScript without dependencies, because it runs before there are any.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The oldest Node that strips types without a warning. */
const wanted = [24, 12];
const installLimitMs = 10 * 60_000;
const modules = path.join(root, "node_modules");
const hashFile = path.join(modules, ".seaworthy-lock-hash");
/** Stands behind the hash where only what programs need is installed. */
const fewMark = " few";

/**
 * Installs the dependencies when they are missing or older than package-lock.json. Says so on stderr, or says nothing. Programs
 * do with few of them (`isProgram`), tests and checks with all, which come in addition when they are wanted first.
 */
export function ensureInstalled({ isProgram = false } = {}) {
  const lockText = read(path.join(root, "package-lock.json"));
  if (lockText === undefined)
    fail("package-lock.json is missing", "restore it with: git checkout package-lock.json");
  const hash = createHash("sha256").update(lockText).digest("hex");
  const isDone = () => [hash, ...(isProgram ? [hash + fewMark] : [])].includes(read(hashFile));
  if (isDone()) return;
  const release = takeInstallLock();
  try {
    if (isDone()) return; // Another process installed while this one waited.
    // Who had all of them once works on this repository.
    const few = isProgram && (read(hashFile) ?? fewMark).endsWith(fewMark);
    if (!isInstalled(lockText, few)) install(few);
    mkdirSync(modules, { recursive: true });
    writeFileSync(hashFile, few ? hash + fewMark : hash);
  } finally {
    release();
  }
}

/** Runs a TypeScript or JavaScript file of the repository as the main program, in this process when its Node will do. */
export async function runMain(file, args) {
  if (isNewEnough(process.versions.node)) {
    process.argv = [process.execPath, file, ...args];
    process.env.PATH = [path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
    await import(pathToFileURL(file).href);
    return;
  }
  runNode([file, ...args]);
}

/** Runs Node >= 24 with the given arguments, hands signals on, and ends as it ends. */
export function runNode(args) {
  // Node before 24.12 strips types as well, with a warning that is of no use here.
  const binary = nodeBinary();
  // What the program starts as `node` is this Node too: containers of examples are TypeScript.
  const env = { ...process.env, PATH: [path.dirname(binary), process.env.PATH].join(path.delimiter) };
  const child = spawn(binary, ["--disable-warning=ExperimentalWarning", ...args], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends these two to the whole foreground group, so the child has its own already.
      if (signal !== "SIGTERM" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on("error", (error) =>
    fail(`${child.spawnfile} does not start: ${error.message}`, "remove node_modules and try again"),
  );
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function nodeBinary() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const folder = path.join(modules, name);
    const manifest = read(path.join(folder, "package.json"));
    if (manifest === undefined) continue;
    const binary = path.join(folder, JSON.parse(manifest).bin.node);
    if (existsSync(binary)) return binary;
  }
  return fail(
    `Node ${process.versions.node} cannot run TypeScript, and no pinned Node is installed for ${process.platform}-${process.arch}`,
    "install Node 24.12 or newer, or run npm install --include=optional",
  );
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
}

/** True when npm's own record of node_modules has all that the lock asks for, as after `npm install` by hand, or the few. */
function isInstalled(lockText, few) {
  const recordText = read(path.join(modules, ".package-lock.json"));
  if (recordText === undefined) return false;
  const record = JSON.parse(recordText).packages ?? {};
  return Object.entries(JSON.parse(lockText).packages).every(([location, entry]) => {
    if (location === "" || (few && entry.dev === true)) return true;
    const found = record[location];
    if (found === undefined) return entry.optional === true;
    const same = ["version", "integrity", "link"].every((field) => found[field] === entry[field]);
    return (
      same && JSON.stringify(found.bin) === JSON.stringify(entry.bin) && existsSync(path.join(root, location))
    );
  });
}

function install(few) {
  const takes = few ? "some seconds" : "half a minute or so";
  process.stderr.write(`seaworthy: installing dependencies with npm (once; ${takes})\n`);
  const which = [few ? "--omit=dev" : "--include=dev", "--include=optional"];
  // Else npm asks the registry about each package that it has. What it remembers may be older than the lock, though.
  let result = runNpm([...which, "--prefer-offline"]);
  if (result.status !== 0) result = runNpm(which);
  if (result.error)
    fail(`npm does not start: ${result.error.message}`, "install Node.js with npm, then try again");
  if (result.status === 0) return;
  process.stderr.write(result.stdout + result.stderr);
  fail("npm install failed (its own words are above)", "put that right and try again");
}

/**
 * Not `npm ci`: it refuses a lock that was written where the registry offers no packages for other platforms. This installs what
 * the lock pins, adds what this platform needs, and leaves the lock as it is. The only script of a package is esbuild's, which
 * replaces a file that nothing here uses.
 */
function runNpm(which) {
  return spawnSync("npm", ["install", "--no-save", "--ignore-scripts", "--loglevel=error", ...which], {
    cwd: root,
    env: installEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"], // It is heard only where it fails.
    shell: process.platform === "win32",
  });
}

/** npm's environment without what an outer npm or npx set for itself, and without the node_modules that npm is about to change. */
function installEnvironment() {
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) {
    if (
      /^npm_(lifecycle|package|command|execpath|node_execpath|config_(local_prefix|prefix|global|workspaces?|package|yes|loglevel))/i.test(
        name,
      )
    ) {
      delete environment[name];
    }
  }
  const key = Object.keys(environment).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folders = (environment[key] ?? "").split(path.delimiter);
  environment[key] = folders.filter((folder) => !folder.startsWith(modules)).join(path.delimiter);
  return environment;
}

/** One install at a time per clone. The lock names its owner, so that one left behind by a crash is taken over. */
function takeInstallLock() {
  const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = path.join(tmpdir(), `seaworthy-install-${process.getuid?.() ?? "user"}-${id}`);
  const until = Date.now() + installLimitMs;
  for (let said = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST")
        fail(`cannot lock the install: ${error.message}`, `check the folder ${tmpdir()}`);
    }
    if (!isRunning(Number(read(lock)))) rmSync(lock, { force: true });
    else if (Date.now() > until)
      fail(`another install still holds ${lock}`, "end it, remove that file and try again");
    else if (!said) said = process.stderr.write("seaworthy: waiting for another install to end\n") || true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function isRunning(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function fail(what, next) {
  process.stderr.write(`seaworthy: ${what}; ${next}\n`);
  process.exit(2);
}
