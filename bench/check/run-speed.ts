// How long `seaworthy check` takes, with its start, by the number of objects; beside kube-score where KUBE_SCORE names it:
// node bench/check/run-speed.ts [RUNS [MOST]]. Each number is the median of the runs; MOST is the largest number of objects.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPackage } from "../../scripts/packages/build-package.ts";

const runs = Number(process.argv[2] ?? 5);
const most = Number(process.argv[3] ?? 50_000);
/** The first calls keep what they compile (scripts/packages/start-program.mjs). */
const warmUps = 3;
const example = readFileSync("packages/check/src/rules/shutdown/no-drain/passes-1.yaml", "utf8");
const folder = mkdtempSync(join(tmpdir(), "check-speed-"));
const kubeScore = process.env["KUBE_SCORE"];

interface Measured {
  readonly ms: number;
  readonly mebibytes: number;
}

function measure(command: readonly string[]): Measured {
  const all = Array.from({ length: runs }, () => {
    const started = performance.now();
    // GNU time says how much memory a process has had.
    const { stderr } = spawnSync("/usr/bin/time", ["-f", "%M", ...command], {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    return { ms: performance.now() - started, mebibytes: Number(/(\d+)\s*$/.exec(stderr)?.[1] ?? 0) / 1024 };
  });
  return all.toSorted((left, right) => left.ms - right.ms)[Math.floor(runs / 2)]!;
}

function cell({ ms, mebibytes }: Measured): string {
  return `${(ms / 1000).toFixed(2)} s, ${mebibytes.toFixed(0)} MiB`;
}

try {
  // As npm users get it: a clone looks at each start whether a source has changed.
  await buildPackage("cli", join(folder, "seaworthy"));
  const program = join(folder, "seaworthy/dist/command.mjs");
  const sizes = [2, 100, 1_000, 10_000, 50_000].filter((objects) => objects <= most);
  const rows = sizes.map((objects) => {
    const file = join(folder, `${objects}.yaml`);
    const copies = Array.from({ length: objects / 2 }, (_, index) =>
      example.replaceAll("shop", `shop-${index}`),
    );
    writeFileSync(file, copies.join("---\n"));
    const command = [process.execPath, program, "check", file];
    if (objects < 10_000)
      for (let run = 0; run < warmUps; run += 1)
        spawnSync(command[0]!, command.slice(1), { stdio: "ignore" });
    const own = measure(command);
    const peer = kubeScore === undefined ? "" : ` ${cell(measure([kubeScore, "score", file]))} |`;
    return `| ${objects} | ${cell(own)} |${peer}`;
  });
  const head =
    kubeScore === undefined
      ? "| objects | seaworthy check |\n|---|---|"
      : "| objects | seaworthy check | kube-score |\n|---|---|---|";
  process.stdout.write(`${head}\n${rows.join("\n")}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
