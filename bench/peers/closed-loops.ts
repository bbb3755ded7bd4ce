import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LoadTool } from "./find-load-tool.ts";

/** What a client says of its latencies, in milliseconds. */
export interface Percentiles {
  readonly p99: number;
  readonly p999: number;
}

/** A run over ten connections, each of which waits for its answer. */
export interface ClosedLoopTask {
  readonly url: string;
  /** Requests per second, all together. wrk knows no rate and asks as fast as it can. */
  readonly rate: number;
  readonly seconds: number;
}

interface ClosedLoop {
  args(task: ClosedLoopTask, folder: string): readonly string[];
  read(stdout: string): Percentiles;
}

type ClosedTool = Extract<LoadTool, "wrk" | "hey" | "fortio">;

const connections = 10;

/** Runs a tool to its end. */
export function askClosedLoop(
  tool: ClosedTool,
  command: readonly string[],
  task: ClosedLoopTask,
): Percentiles {
  const folder = mkdtempSync(path.join(tmpdir(), "seaworthy-closed-"));
  const [program = "", ...first] = command;
  const { args, read } = closedLoops[tool];
  const { stdout } = spawnSync(program, [...first, ...args(task, folder)], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  rmSync(folder, { recursive: true });
  return read(stdout);
}

const closedLoops: Readonly<Record<ClosedTool, ClosedLoop>> = {
  wrk: {
    args({ url, seconds }, folder) {
      const script = path.join(folder, "done.lua");
      const print =
        'io.write(string.format("p99=%f p999=%f\\n", latency:percentile(99), latency:percentile(99.9)))';
      writeFileSync(script, `function done(summary, latency) ${print} end\n`);
      return ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "5s", "-s", script, url];
    },
    read(stdout) {
      const [, p99, p999] = /p99=([\d.]+) p999=([\d.]+)/.exec(stdout) ?? [];
      return { p99: Number(p99) / 1_000, p999: Number(p999) / 1_000 };
    },
  },
  hey: {
    args: ({ url, rate, seconds }) =>
      `-z ${seconds}s -c ${connections} -q ${rate / connections} -o csv ${url}`.split(" "),
    read(stdout) {
      const times = stdout
        .split("\n")
        .slice(1)
        .filter(Boolean)
        .map((line) => Number(line.split(",")[0]) * 1_000)
        .sort((a, b) => a - b);
      const rank = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
      return { p99: rank(0.99), p999: rank(0.999) };
    },
  },
  fortio: {
    args: ({ url, rate, seconds }) =>
      `load -quiet -json - -c ${connections} -qps ${rate} -t ${seconds}s -p 99,99.9 -r 0.0001 ${url}`.split(
        " ",
      ),
    read(stdout) {
      const { DurationHistogram } = JSON.parse(stdout) as {
        DurationHistogram: { Percentiles: readonly { Percentile: number; Value: number }[] };
      };
      const at = (wanted: number): number =>
        (DurationHistogram.Percentiles.find(({ Percentile }) => Percentile === wanted)?.Value ?? Number.NaN) *
        1_000;
      return { p99: at(99), p999: at(99.9) };
    },
  },
};
