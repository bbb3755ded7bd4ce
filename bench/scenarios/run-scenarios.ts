/**
 * Plays each scenario with an example that holds and with one that loses requests, and prints what came of it. Exits 1 when
 * that is not what is expected.
 *
 * usage: node bench/scenarios/run-scenarios.ts [--only WORD] [--seeds COUNT] [--first-seed SEED] [--lanes COUNT]
 *            [--ingress-class NAME] [--json FILE] [-- FLAGS OF trial]
 *
 * On a cluster of your own: `-- --kubeconfig FILE --url http://EDGE/ --edge NAMESPACE/NAME --bad-image IMAGE`, with an Ingress
 * class that is there; its nodes need the images `seaworthy.dev/httpserver:0.1.0` and `registry.example/careless:1.0.0`. A run
 * takes some six minutes for each seed, with so many lanes side by side as the machine bears; one that was broken off goes on
 * where it was with the same `--json`, and plays again what was invalid. A verdict that is not as expected is kept beside that
 * file. docs/fidelity.md shows what `embedded.generated.json` and `real.generated.json` hold.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { formatYaml, parseManifests, type KubeObject } from "@seaworthy/kube";
import { inLanes } from "../../scripts/in-lanes.ts";
import { scenarioCases, type ScenarioCase } from "./cases.ts";
import { leftOut, nameOf, summaryOf, type Played } from "./played.ts";

const root = path.resolve(import.meta.dirname, "../..");
const hosts = { "apps/httpserver": "httpserver.localhost", "examples/careless": "careless.localhost" };
const runs = [
  `seaworthy.dev/httpserver:0.1.0=node ${root}/apps/httpserver/src/main.mjs`,
  `registry.example/careless:1.0.0=node ${root}/examples/careless/server.ts`,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    seeds: { type: "string", default: "1" },
    "first-seed": { type: "string", default: "1" },
    "ingress-class": { type: "string" },
    json: { type: "string" },
    lanes: { type: "string", default: "2" },
  },
});
const isReal = positionals.includes("--kubeconfig");
await playAll();

async function playAll(): Promise<void> {
  const played = readPlayed();
  const first = Number(values["first-seed"]);
  for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
    const left = scenarioCases.filter(
      (each) =>
        nameOf(each).includes(values.only) &&
        !played.some((one) => one.seed === seed && nameOf(one) === nameOf(each)),
    );
    const playInto = async (each: ScenarioCase): Promise<void> => {
      const done = await play(each, seed).catch((error: unknown) => error as Error);
      if (done instanceof Error) {
        process.exitCode = 1;
        process.stdout.write(`WRONG  ${seed} ${nameOf(each)}: ${done.message}\n`);
        return;
      }
      played.push(done);
      const isRight = done.verdict === done.expected || (isReal && done.verdict === leftOut);
      if (!isRight) process.exitCode = 1;
      process.stdout.write(
        `${isRight ? "ok    " : "WRONG "} ${seed} ${nameOf(done)}: ${summaryOf([done])}\n`,
      );
      if (values.json !== undefined) writePlayed(values.json, played);
    };
    // The autoscaler needs what pods use of a processor of their own, and a real cluster has one namespace for all.
    const isAlone = ({ scenario }: ScenarioCase): boolean => isReal || scenario === "hpa";
    await inLanes(left.filter(isAlone), playInto, 1);
    await inLanes(
      left.filter((each) => !isAlone(each)),
      playInto,
      Number(values.lanes),
    );
  }
}

/** What an earlier run wrote, without that which says nothing. */
function readPlayed(): Played[] {
  if (values.json === undefined || !existsSync(values.json)) return [];
  const played = JSON.parse(readFileSync(values.json, "utf8")) as Played[];
  return played.filter(({ verdict }) => verdict !== "invalid");
}

/** A line for each, in the order of seeds and cases. */
function writePlayed(file: string, played: readonly Played[]): void {
  const place = new Map(scenarioCases.map((each, index) => [nameOf(each), index]));
  const placeOf = (one: Played) => one.seed * scenarioCases.length + (place.get(nameOf(one)) ?? 0);
  const lines = played
    .toSorted((left, right) => placeOf(left) - placeOf(right))
    .map((one) => JSON.stringify(one));
  writeFileSync(file, `[\n${lines.join(",\n")}\n]\n`);
}

async function play(each: ScenarioCase, seed: number): Promise<Played> {
  // Where nobody names the edge of a real cluster, there is none to restart.
  if (isReal && each.scenario === "edge-restart" && !positionals.includes("--edge"))
    return playedOf(each, seed, { causes: [], scenarios: [] });
  const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-scenario-"));
  try {
    const objects = (each.change ?? ((all) => all))(manifestsOf(each.example));
    const args = ["trial", write(folder, "now", objects)];
    if (each.next !== undefined) args.push("--to", write(folder, "next", each.next(objects)));
    const where = isReal
      ? ["--host", hosts[each.example]]
      : [...runs.flatMap((run) => ["--run", run]), ...(each.flags ?? [])];
    args.push("--scenario", each.scenario, "--path", "/", "--seed", String(seed), "--output", "json");
    const { output, told } = await seaworthy(folder, [...args, ...where, ...positionals]);
    const verdict = output.startsWith("{") ? (JSON.parse(output) as Partial<Told>) : {};
    // A real cluster cannot play every scenario, and says so.
    if (verdict.scenarios === undefined && told.includes(`${each.scenario} is left out`))
      return playedOf(each, seed, { causes: [], scenarios: [] });
    if (verdict.scenarios === undefined)
      throw new Error(`no verdict of ${each.scenario}, ${each.example}\n${output}\n${told}`);
    const done = playedOf(each, seed, verdict as Told);
    // Of a verdict that is not as expected somebody wants to know each failure.
    if (done.verdict !== each.expected && values.json !== undefined)
      writeFileSync(
        `${values.json}.wrong-${seed}-${each.scenario}-${path.basename(each.example)}.json`,
        JSON.stringify(verdict, undefined, 1),
      );
    return done;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Told {
  readonly verdict?: string;
  readonly causes: readonly { readonly cause: string; readonly count: number }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly requests: { readonly failed: number };
    readonly unavoidable: number;
    readonly terminations: number;
  }[];
}

function playedOf(each: ScenarioCase, seed: number, told: Told): Played {
  const { scenario, example, with: also, expected } = each;
  const own = told.scenarios.find(({ name }) => name === scenario);
  return {
    seed,
    scenario,
    example: also === undefined ? example : `${example}, ${also}`,
    expected,
    // How a pod ended can be the answer where, as luck had it, nothing was lost.
    verdict: own === undefined ? leftOut : told.verdict === "leaking" ? told.verdict : own.verdict,
    lost: (own?.requests.failed ?? 0) - (own?.unavoidable ?? 0),
    unavoidable: own?.unavoidable ?? 0,
    terminations: own?.terminations ?? 0,
    causes: [...Map.groupBy(told.causes, ({ cause }) => cause)].map(
      ([cause, all]) => `${cause} ${all.reduce((sum, { count }) => sum + count, 0)}`,
    ),
  };
}

function manifestsOf(example: ScenarioCase["example"]): KubeObject[] {
  const folder = path.join(root, example, "k8s");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) => parseManifests(name, readFileSync(path.join(folder, name), "utf8")))
    .map(({ object }) => fitted(object));
}

/** What a cluster made for tests may lack: the Ingress class, and nodes that account for ephemeral storage. */
function fitted(object: KubeObject): KubeObject {
  const copy = structuredClone(object) as KubeObject & { spec: Record<string, unknown> };
  const ingressClassName = values["ingress-class"];
  if (object.kind === "Ingress" && ingressClassName !== undefined)
    copy.spec["ingressClassName"] = ingressClassName;
  if (object.kind === "Deployment" && isReal) {
    const { containers } = (copy.spec["template"] as { spec: { containers: Container[] } }).spec;
    for (const { resources } of containers) delete resources?.limits?.["ephemeral-storage"];
  }
  return copy;
}

interface Container {
  readonly resources?: { readonly limits?: Record<string, unknown> };
}

/** Writes manifests into a file of a folder, and gives its name. */
function write(folder: string, name: string, objects: readonly KubeObject[]): string {
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, objects.map((object) => formatYaml(object)).join("---\n"));
  return file;
}

async function seaworthy(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly output: string; readonly told: string }> {
  const child = spawn(process.execPath, [path.join(root, "scripts/seaworthy.mjs"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, told };
}
