import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { parse, stringify } from "yaml";

let folder: string;
/** An `npx` that runs this repository's command, as the published one would be run. */
let bin: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "seaworthy-ci-"));
  bin = join(folder, "bin");
  await mkdir(bin);
  const npx = `#!/bin/sh\n[ "$1 $2" = "--yes seaworthy" ] || exit 64\nshift 2\nexec "${process.execPath}" "${resolve("scripts/seaworthy.mjs")}" "$@"\n`;
  await writeFile(join(bin, "npx"), npx);
  await chmod(join(bin, "npx"), 0o755);
});
after(() => rm(folder, { recursive: true }));

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A repository whose `k8s/` is that of an example, and settings that name its app and make a trial short. */
async function repository(name: string, k8s: string): Promise<string> {
  const path = join(folder, name);
  await cp(k8s, join(path, "k8s"), { recursive: true });
  // Six pods end in one round.
  const deployment = join(path, "k8s", "deployment.yaml");
  await writeFile(deployment, (await readFile(deployment, "utf8")).replace(/replicas: \d+/, "replicas: 6"));
  // The app itself and no stand-in, which by default ends at SIGTERM and so cuts kept connections.
  const app = `node ${resolve("apps/httpserver/src/main.mjs")}`;
  const settings = {
    run: { "seaworthy.dev/httpserver:0.1.0": app },
    trial: { rate: 50, rounds: 1, path: "/" },
  };
  await writeFile(join(path, "seaworthy.yaml"), stringify(settings));
  return path;
}

/** Runs a step as a runner does. */
function runStep(
  command: string,
  cwd: string,
  further: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const env = {
    ...process.env,
    ...further,
    PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
  };
  return new Promise((done) => {
    execFile(
      "bash",
      ["-e", "-c", command],
      { cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

async function workflow(): Promise<Readonly<Record<string, { readonly steps: readonly Step[] }>>> {
  const text = await readFile("examples/ci/.github/workflows/manifests.yml", "utf8");
  return (parse(text) as { jobs: Record<string, { steps: Step[] }> }).jobs;
}

const stepsOf = async (job: string) =>
  ((await workflow())[job]?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]));

test("GitHub: the check passes on good manifests, and its SARIF is there for the step that uploads it", async () => {
  const path = await repository("good", "apps/httpserver/k8s");
  for (const step of await stepsOf("check")) {
    const { code, output } = await runStep(step, path);
    assert.equal(code, 0, output);
  }
  const sarif = JSON.parse(await readFile(join(path, "seaworthy.sarif"), "utf8")) as { version: string };
  assert.equal(sarif.version, "2.1.0");
  const upload = (await workflow())["check"]?.steps.find(({ uses }) => uses?.includes("upload-sarif"));
  assert.equal((upload as { with?: { sarif_file?: string } }).with?.sarif_file, "seaworthy.sarif");
});

test("GitHub: bad manifests are annotated at their lines, and fail the job", async () => {
  const path = await repository("bad", "apps/httpserver/k8s");
  const service = join(path, "k8s", "service.yaml");
  await writeFile(
    service,
    (await readFile(service, "utf8")).replace(
      /(selector:\s+app\.kubernetes\.io\/name: )httpserver/,
      "$1other",
    ),
  );
  const [, annotate = ""] = await stepsOf("check");
  const { code, output } = await runStep(annotate, path);
  assert.equal(code, 1, output);
  assert.match(output, /^::(error|warning) file=k8s\/[^,]+,line=\d+/m);
});

test("GitHub: the trial writes its summary and the files of its artifact", async () => {
  const path = await repository("trial", "apps/httpserver/k8s");
  const [trial = ""] = await stepsOf("trial");
  const { code, output } = await runStep(trial, path);
  assert.equal(code, 0, output);
  assert.match(await readFile(join(path, "summary.md"), "utf8"), /Seaworthy: 0 of/);
  const upload = (await workflow())["trial"]?.steps.find(({ uses }) => uses?.includes("upload-artifact"));
  const files = (upload as { with?: { path?: string } }).with?.path?.trim().split("\n") ?? [];
  assert.equal(files.length, 2);
  for (const file of files) assert.ok((await readFile(join(path, file), "utf8")).length > 1_000, file);
});

test("pre-commit: the hook's entry passes on good manifests, and it is meant for files of the folder that it checks", async () => {
  const text = await readFile("examples/ci/.pre-commit-config.yaml", "utf8");
  const [hook] = (parse(text) as { repos: { hooks: { entry: string; files: string }[] }[] }).repos[0]!.hooks;
  assert.match("k8s/base/deployment.yml", new RegExp(hook!.files));
  assert.doesNotMatch("src/k8s.ts", new RegExp(hook!.files));
  const { code, output } = await runStep(hook!.entry, await repository("hook", "apps/httpserver/k8s"));
  assert.equal(code, 0, output);
});

test("GitLab: the report of a check is JUnit's XML", async () => {
  const jobs = parse(await readFile("examples/ci/.gitlab-ci.yml", "utf8")) as Record<
    string,
    { script: string[] }
  >;
  const path = await repository("gitlab", "apps/httpserver/k8s");
  for (const line of jobs["check"]!.script) assert.equal((await runStep(line, path)).code, 0);
  assert.match(await readFile(join(path, "check.xml"), "utf8"), /^<\?xml [^]*<testsuites/);
});

/** Runs those steps of the action that are scripts and whose condition holds, until one fails. */
async function runAction(
  given: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const action = parse(await readFile("action.yml", "utf8")) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: Step[] };
  };
  const inputs: Record<string, string> = {};
  for (const [name, { default: usual }] of Object.entries(action.inputs)) inputs[name] = given[name] ?? usual;
  const holds = ({ if: condition = "" }: Step) =>
    condition.split(" && ").every((term) => {
      const [, name = "", sign, value] = /^inputs\.(\w+) (==|!=) '(.*)'$/.exec(term) ?? assert.fail(term);
      return (inputs[name] === value) === (sign === "==");
    });
  let output = "";
  for (const step of action.runs.steps) {
    if (step.run === undefined || !holds(step)) continue;
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/, (_, input: string) => inputs[input] ?? assert.fail(input)),
    ]);
    const ended = await runStep(step.run, cwd, Object.fromEntries(env) as Record<string, string>);
    output += ended.output;
    if (ended.code !== 0) return { code: ended.code, output };
  }
  return { code: 0, output };
}

test("the action checks by default, and its inputs are words and no script", async () => {
  const path = await repository("action-check", "apps/httpserver/k8s");
  const good = await runAction({}, path);
  assert.equal(good.code, 0, good.output);
  const bad = await runAction({ manifests: "k8s/; touch made", args: "--fail-on error" }, path);
  assert.equal(bad.code, 2, bad.output);
  await assert.rejects(readFile(join(path, "made")));
  const wrong = await runAction({ command: "sail" }, path);
  assert.equal(wrong.code, 2);
  assert.match(wrong.output, /^::error .*command is check or trial, not sail$/m);
});

test("the action's trial writes a summary and what its artifact is made of", async () => {
  const path = await repository("action-trial", "apps/httpserver/k8s");
  const { code, output } = await runAction({ command: "trial", args: "--seed 3" }, path);
  assert.equal(code, 0, output);
  assert.match(await readFile(join(path, "summary.md"), "utf8"), /Seaworthy: 0 of/);
  for (const file of ["seaworthy-report.html", "seaworthy-report.json"])
    assert.ok((await readFile(join(path, file), "utf8")).length > 1_000, file);
});
