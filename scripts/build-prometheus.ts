import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Tool } from "./fetch-debian-tools.ts";

const program = "github.com/prometheus/prometheus/cmd/prometheus";
/** Discovery by Kubernetes and no other: those of the clouds are most of its code. */
const tags = "remove_all_sd,enable_kubernetes_sd";
const mostMinutes = 20;

/**
 * Gives a Prometheus that finds its targets by Kubernetes, built from its Go modules at the first call, which takes some
 * minutes. Debian's has no discovery.
 */
export function buildPrometheus(): Tool {
  const path = resolve("node_modules", ".cache", "seaworthy-prometheus", "prometheus");
  if (existsSync(path)) return { path };
  mkdirSync(dirname(path), { recursive: true });
  // Renamed when it is whole, so that an interrupted build leaves nothing that looks finished.
  const part = `${path}.part`;
  const words = ["build", "-mod=mod", "-tags", tags, "-ldflags=-s -w", "-o", part, program];
  const { status, stderr, error } = spawnSync("go", words, {
    cwd: resolve("test", "prometheus"),
    encoding: "utf8",
    timeout: mostMinutes * 60_000,
  });
  if (status !== 0) return { problem: `go build ${program}: ${error?.message ?? stderr.trim()}` };
  renameSync(part, path);
  return { path };
}
