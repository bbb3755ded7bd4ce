import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadTool } from "./find-load-tool.ts";

/** What a tool is asked to do. Every request times out after a second. */
export interface Task {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly newConnections: boolean;
  readonly requests: number;
  readonly connections: number;
  /** For files of the run. */
  readonly folder: string;
}

/** What it said: requests, as it counts them, and how many of them failed. */
export interface Claim {
  readonly requests: number;
  readonly failed: number;
}

interface Run {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  claim(stdout: string, command: readonly string[]): Claim;
}

/** Several times what the slowest needs that does end. */
const patienceMs = 20_000;

/** A run of so many requests as fast as they are answered, or as near to that as the tool comes. */
export function runTool(tool: LoadTool, command: readonly string[], task: Task): Claim | string {
  const { args, env, claim } = runs[tool](task);
  const [program = "", ...first] = command;
  const { status, signal, stdout, stderr } = spawnSync(program, [...first, ...args], {
    encoding: "utf8",
    timeout: patienceMs,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
  });
  try {
    return claim(stdout, command);
  } catch {
    return signal === null
      ? `exit ${status}: ${(stderr || stdout).trim().split("\n").at(-1)}`
      : `no end within ${patienceMs / 1000} s`;
  }
}

/** The command line of a tool for a task, as one would type it. */
export function commandLine(tool: LoadTool, task: Task): string {
  const { args, env = {} } = runs[tool](task);
  const all = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), tool, ...args];
  const short = all.map((word) =>
    word.replace(`${task.folder}/`, "").replace(here("./"), "bench/peers/").replace(task.url, "URL"),
  );
  return short.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const runs: Readonly<Record<LoadTool, (task: Task) => Run>> = {
  fortio: ({ url, method, newConnections, requests, connections }) => ({
    args: [
      ...words("load -quiet -json - -allow-initial-errors -timeout 1s"),
      ...words(`-qps 0 -n ${requests} -c ${connections}`),
      ...(method === "POST" ? ["-payload", "order"] : []),
      ...(newConnections ? ["-keepalive=false"] : []),
      url,
    ],
    claim(stdout) {
      const codes = (JSON.parse(stdout) as { RetCodes: Record<string, number> }).RetCodes;
      return byStatus(codes);
    },
  }),
  k6: ({ url, method, newConnections, requests, connections }) => ({
    args: ["run", "--quiet", here("honesty-k6.mjs")],
    env: {
      URL: url,
      METHOD: method,
      REQUESTS: `${requests}`,
      CONNECTIONS: `${connections}`,
      ...(newConnections ? { NEW_CONNECTIONS: "yes" } : {}),
    },
    claim(stdout) {
      const metrics = JSON.parse(stdout) as Record<string, { values: Record<string, number> }>;
      const failed = metrics["http_req_failed"]?.values["passes"] ?? Number.NaN;
      return { requests: metrics["http_reqs"]?.values["count"] ?? Number.NaN, failed };
    },
  }),
  vegeta: ({ url, method, newConnections, requests, connections, folder }) => {
    const results = path.join(folder, "results.bin");
    const targets = path.join(folder, "targets");
    writeFileSync(targets, `${method} ${url}\n`);
    writeFileSync(path.join(folder, "body"), "order");
    return {
      args: [
        ...words(`attack -rate 1000 -duration ${requests}ms -timeout 1s`),
        ...words(`-workers ${connections} -targets`),
        targets,
        "-output",
        results,
        ...(method === "POST" ? ["-body", path.join(folder, "body")] : []),
        ...(newConnections ? ["-keepalive=false"] : []),
      ],
      claim(_, [program = ""]) {
        const { stdout } = spawnSync(program, ["report", "-type=json", results], { encoding: "utf8" });
        return byStatus((JSON.parse(stdout) as { status_codes: Record<string, number> }).status_codes);
      },
    };
  },
  hey: ({ url, method, newConnections, requests, connections }) => ({
    args: [
      ...words(`-n ${requests} -c ${connections} -t 1`),
      ...(method === "POST" ? ["-m", "POST", "-d", "order"] : []),
      ...(newConnections ? ["-disable-keepalive"] : []),
      url,
    ],
    claim(stdout) {
      const statuses = [...stdout.matchAll(/^\s+\[(\d+)\]\s+(\d+) responses/gm)];
      const errors = [...stdout.matchAll(/^\s+\[(\d+)\]\s+(?!\d+ responses)\S/gm)];
      if (statuses.length + errors.length === 0) throw new Error("no report");
      const claim = byStatus(
        Object.fromEntries(statuses.map(([, status, count]) => [status, Number(count)])),
      );
      const lost = sum(errors.map(([, count]) => Number(count)));
      return { requests: claim.requests + lost, failed: claim.failed + lost };
    },
  }),
  wrk: ({ url, method, newConnections, connections, folder }) => {
    const script = path.join(folder, "post.lua");
    writeFileSync(script, 'wrk.method = "POST"\nwrk.body = "order"\n');
    return {
      // It cannot be told a number of requests.
      args: [
        ...words(`-t1 -c${connections} -d3s --timeout 1s`),
        ...(method === "POST" ? ["-s", script] : []),
        ...(newConnections ? ["-H", "Connection: close"] : []),
        url,
      ],
      claim(stdout) {
        const requests = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? fail("no report"));
        const errors = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
        const lost = sum(errors.map(Number));
        const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
        return { requests: requests + lost, failed: lost + bad };
      },
    };
  },
  autocannon: ({ url, method, newConnections, requests, connections }) => ({
    args: [
      ...words(`--json --no-progress -t 1 -a ${requests} -c ${connections}`),
      ...(method === "POST" ? ["-m", "POST", "-b", "order"] : []),
      ...(newConnections ? ["-H", "Connection=close"] : []),
      url,
    ],
    claim(stdout) {
      const report = JSON.parse(stdout) as Record<"errors" | "non2xx" | "2xx", number>;
      const failed = report.errors + report.non2xx;
      return { requests: report["2xx"] + failed, failed };
    },
  }),
  oha: ({ url, method, newConnections, requests, connections }) => ({
    args: [
      ...words(`--no-tui --output-format json -t 1s -n ${requests} -c ${connections}`),
      ...(method === "POST" ? ["-m", "POST", "-d", "order"] : []),
      ...(newConnections ? ["--disable-keepalive"] : []),
      url,
    ],
    claim(stdout) {
      const report = JSON.parse(stdout) as Record<
        "statusCodeDistribution" | "errorDistribution",
        Record<string, number>
      >;
      const claim = byStatus(report.statusCodeDistribution);
      const lost = sum(Object.values(report.errorDistribution));
      return { requests: claim.requests + lost, failed: claim.failed + lost };
    },
  }),
};

/** Everything but 2xx and 3xx failed; tools count what got no answer as 0 or -1. */
function byStatus(counts: Readonly<Record<string, number>>): Claim {
  const good = sum(
    Object.entries(counts).flatMap(([status, count]) => (/^[23]\d\d$/.test(status) ? [count] : [])),
  );
  const requests = sum(Object.values(counts));
  return { requests, failed: requests - good };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function fail(message: string): never {
  throw new Error(message);
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
