/**
 * Tries every example as its README says, two at a time where they need little, and holds the verdict against what its README
 * promises.
 * Prints one line for each, with the time that it took; exits 1 when a verdict is another one.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Verdict } from "@seaworthy/trial";
import { inLanes } from "./in-lanes.ts";

interface Example {
  readonly path: string;
  readonly verdict: Verdict["verdict"];
  /** Further words of the command. */
  readonly words?: readonly string[];
  /** The only Deployments that may be named as causes. */
  readonly blamed?: readonly string[];
  /** Whether its pods use so much of two cores that beside another trial they would refuse connections, or be late for their probes. */
  readonly alone?: boolean;
}

/** One round is enough where something is lost in it. */
const once = ["--rounds", "1"];
/** Little load proves little; it shows that the example can be tried at all. */
const briefly = ["--rounds", "2", "--profile", "instant", "--rate", "50"];

const seeds = "examples/seed-manifests";
const redisServer = process.env["REDIS_SERVER"];
const guestbook = [...briefly, "--run", `docker.io/library/redis=${redisServer}`];
/** An API that forgets its clients when it is told to end. */
const carelessApi = `node -e '
process.on("SIGTERM", () => process.exit(0));
require("node:http").createServer((request, response) => {
  response.setHeader("x-pod-name", process.env.HOSTNAME);
  setTimeout(() => response.end("nothing yet"), 20);
}).listen(8080);'`;

const examples: readonly Example[] = [
  { path: `${seeds}/a-httpserver/k8s`, verdict: "leaking", words: once },
  { path: `${seeds}/b-httpserver-course/k8s`, verdict: "leaking", words: once },
  { path: `${seeds}/c-simple-server/k8s`, verdict: "leaking", words: once },
  { path: `${seeds}/d-wordpress/k8s`, verdict: "leaking", words: once, alone: true },
  {
    path: `${seeds}/d-wordpress/k8s-prestop`,
    verdict: "seaworthy",
    words: ["--scenario", "rollout", "--rounds", "2"],
    alone: true,
  },
  { path: "examples/httpserver-basic", verdict: "seaworthy", words: briefly },
];
const examplesWithRedis: readonly Example[] = [
  { path: "examples/guestbook", verdict: "seaworthy", words: guestbook, alone: true },
  {
    path: "examples/guestbook",
    verdict: "leaking",
    words: [...guestbook, ...once, "--run", `registry.example/guestbook/api=${carelessApi}`],
    blamed: ["api"],
    alone: true,
  },
];

let wrong = 0;
if (redisServer === undefined)
  process.stdout.write("skip   examples/guestbook: no redis-server named by REDIS_SERVER\n");
const { alone = [], beside = [] } = Object.groupBy(
  [...examples, ...(redisServer === undefined ? [] : examplesWithRedis)],
  (example) => (example.alone === true ? "alone" : "beside"),
);
await inLanes(alone, tryOut, 1);
await inLanes(beside, tryOut);
process.exitCode = wrong === 0 ? 0 : 1;

async function tryOut({ path, verdict: expected, words = [], blamed }: Example): Promise<void> {
  const startedAt = performance.now();
  const { stdout, stderr } = await trial([path, ...words]);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const { verdict, why, requests, terminations, causes = [], findings = [] } = parse(stdout);
  const named = [...causes, ...findings.filter(({ denies }) => denies)].map(({ deployment }) => deployment);
  const isRight =
    verdict === expected && (blamed === undefined || isDeepStrictEqual([...new Set(named)], blamed));
  const counts = requests === undefined ? "" : `${requests.failed} of ${requests.scheduled} lost`;
  const by = blamed === undefined ? "" : ` by ${named.join(", ")}`;
  process.stdout.write(
    `${isRight ? "ok    " : "WRONG "} ${path}: ${verdict ?? "no verdict"}, ${counts}${by} in ${terminations ?? 0} terminations (${seconds} s)\n`,
  );
  if (isRight) return;
  wrong += 1;
  process.stdout.write(`       expected ${expected}. ${why ?? ""}\n${stderr}\n`);
}

/** What a trial writes, whatever its exit code says. Its report goes where it is in nobody's way, and then away. */
async function trial(words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-example-"));
  const report = ["--output", "json", "--report", join(folder, "report.json"), "--no-page"];
  const command = ["packages/cli/src/main.mjs", "trial", ...words, ...report];
  try {
    return await new Promise((settle) => {
      execFile(process.execPath, command, { maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) =>
        settle({ stdout, stderr }),
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function parse(stdout: string): Partial<Verdict> {
  try {
    return JSON.parse(stdout) as Verdict;
  } catch {
    return {};
  }
}
