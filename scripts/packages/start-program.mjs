// The start of a program: it runs main.cjs, and keeps the code that was compiled of it. Node's own cache is made before a program
// runs, and so without the functions that it calls; compiling these again took a third of a short command's time.
const { createRequire, getCompileCacheDir } = process.getBuiltinModule("node:module");
const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { Script, constants } = process.getBuiltinModule("node:vm");

/** So many calls of a kind add what they compile: others of that kind have other work. */
const callsOfKind = 3;
/** And so many calls at all. */
const mostCalls = 60;
/** What the modules are made of: another build has other code. */
const build = "BUILD";
const folder = import.meta.dirname;
const words = process.argv.slice(2);
/** What a call is about, without what it is about this time. */
const call = words.flatMap((word) => /^--?[a-z][a-z-]*/.exec(word) ?? []).join(" ");
const command = /^[a-z]+$/.exec(words[0] ?? "")?.[0] ?? "none";
const cache = getCompileCacheDir();
const keptFile = cache && `${cache}/program-${build}-${command}`;
const kept = readKept();

const scripts = new Map();
const modules = new Map();
const requireOther = createRequire(import.meta.url);

if (keptFile) process.once("exit", keepIfNew);
requireModule("./main.cjs");

function requireModule(name) {
  if (!name.startsWith("./")) return requireOther(name);
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(name, module);
  const filename = `${folder}/${name.slice(2)}`;
  // They are ASCII, and so read as they are.
  const source = `(function (exports, require, module, __filename) {${readFileSync(filename, "latin1")}\n})`;
  const script = new Script(source, {
    filename,
    cachedData: kept.code.get(name),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  scripts.set(name, script);
  script.runInThisContext().call(module.exports, module.exports, requireModule, module, filename);
  return module.exports;
}

/** A line of JSON that says what follows, and the code, module after module. */
function readKept() {
  const code = new Map();
  try {
    const bytes = readFileSync(keptFile);
    let at = bytes.indexOf("\n") + 1;
    const { calls, lengths } = JSON.parse(bytes.toString("latin1", 0, at));
    for (const [name, length] of lengths) code.set(name, bytes.subarray(at, (at += length)));
    return { calls, code };
  } catch {
    return { calls: [], code: new Map() };
  }
}

function keepIfNew(exitCode) {
  // A command that was used wrongly has not come far.
  if (exitCode === 2) return;
  if (scripts.get("./main.cjs").cachedDataRejected === true) keep({ calls: [], code: new Map() });
  else if (kept.calls.length < mostCalls && kept.calls.filter((each) => each === call).length < callsOfKind)
    keep(kept);
}

/** Nothing depends on it, so nobody hears of it when it cannot be written. */
function keep(known) {
  try {
    const code = new Map(known.code);
    for (const [name, script] of scripts) code.set(name, script.createCachedData());
    const lengths = Array.from(code, ([name, { length }]) => [name, length]);
    const head = `${JSON.stringify({ calls: [...known.calls, call], lengths })}\n`;
    const draft = `${keptFile}.${process.pid}`;
    writeFileSync(draft, Buffer.concat([Buffer.from(head), ...code.values()]), { mode: 0o600 });
    renameSync(draft, keptFile);
  } catch {}
}
