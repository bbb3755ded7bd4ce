import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange.ts";
import type { LifecyclePhase } from "../lifecycle/lifecycle.ts";
import { isCheckName, lifecycleCheck, type CheckKind, type Checks } from "./checks.ts";

/** The probes, named as the Kubernetes API server names its own. `healthz` is another name for `livez`. */
export type ProbeName = "livez" | "readyz" | "healthz" | "startupz";

/** The state of the life cycle that probes tell. Read at each probe. */
export interface ProbeState {
  readonly phase: LifecyclePhase;
  readonly isReady: boolean;
  readonly isStarted: boolean;
}

/** What probes need. */
export interface ProbesParts {
  readonly state: ProbeState;
  readonly checks: Pick<Checks, "run">;
  /** Other paths than `/livez` and so on. */
  readonly paths?: Partial<Record<ProbeName, string>>;
}

/** Answers to probes. */
export interface Probes {
  isProbe(path: string): boolean;
  /** Answers a probe. False when no probe has the path. */
  answer(exchange: Pick<Exchange, "request" | "response" | "path">): boolean;
}

/**
 * Makes the answers, in the form that the Kubernetes API server gives: `ok`, with `?verbose` or on failure a line for each
 * check, `?exclude=name` to leave one out. Only the log says why a check failed. A failure is 503.
 * https://kubernetes.io/docs/reference/using-api/health-checks/
 *
 * Liveness stays 200 while the service drains: a restart would cut the requests that are left. While the service is not
 * ready by itself, readiness asks none of its checks.
 */
export function createProbes({ state, checks, paths = {} }: ProbesParts): Probes {
  const all: readonly Probe[] = [
    { name: "livez", kind: "liveness" },
    { name: "healthz", kind: "liveness" },
    { name: "readyz", kind: "readiness", lifecycle: () => state.isReady },
    { name: "startupz", lifecycle: () => state.isStarted },
  ];
  const byPath = new Map(all.map((probe) => [paths[probe.name] ?? `/${probe.name}`, probe]));

  return {
    isProbe: (path) => byPath.has(path),
    answer({ request, response: either, path }) {
      const probe = byPath.get(path);
      if (probe === undefined) return false;
      const response = either as ServerResponse; // HTTP/2's answer has the same methods.
      const { method, url = "" } = request;
      if (method !== "GET" && method !== "HEAD") {
        response.writeHead(405, { allow: "GET, HEAD", "content-length": 0 }).end();
        return true;
      }
      const { verbose, excluded } = url.length === path.length ? noQuery : readQuery(url);
      const own: Line[] = [];
      if (probe.lifecycle !== undefined && !excluded.has(lifecycleCheck)) {
        own.push({ name: lifecycleCheck, ok: probe.lifecycle(), reason: state.phase });
      }
      const asks = probe.kind !== undefined && (verbose || own.every(({ ok }) => ok));
      const results = asks ? checks.run(probe.kind, excluded) : [];
      const tell = (results: readonly Line[]): void => {
        const verdict = { name: probe.name, lines: [...own, ...results], excluded, verbose };
        send(response, method, verdict);
      };
      if (results instanceof Promise) void results.then(tell);
      else tell(results);
      return true;
    },
  };
}

interface Probe {
  readonly name: ProbeName;
  /** The kind of checks that the probe runs. */
  readonly kind?: CheckKind;
  /** The life cycle's own result for the probe. */
  lifecycle?(): boolean;
}

/** The line about one check in an answer. */
interface Line {
  readonly name: string;
  readonly ok: boolean;
  /** The reason of a failure, as far as anyone may read it. */
  readonly reason?: string;
}

interface Query {
  readonly verbose: boolean;
  readonly excluded: ReadonlySet<string>;
}

interface Verdict extends Query {
  readonly name: ProbeName;
  readonly lines: readonly Line[];
}

const noQuery: Query = { verbose: false, excluded: new Set() };

function readQuery(url: string): Query {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  return { verbose: query.has("verbose"), excluded: new Set(query.getAll("exclude").filter(isCheckName)) };
}

function send(response: ServerResponse, method: string, verdict: Verdict): void {
  const ok = verdict.lines.every((line) => line.ok);
  const body = ok && !verdict.verbose ? "ok\n" : describe(verdict, ok);
  response.writeHead(ok ? 200 : 503, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (method === "HEAD") response.end();
  else response.end(body);
}

function describe({ name, lines, excluded }: Verdict, ok: boolean): string {
  const told = lines.map((line) =>
    line.ok ? `[+]${line.name} ok` : `[-]${line.name} failed: ${line.reason ?? "reason withheld"}`,
  );
  const left = [...excluded].map((check) => `[+]${check} excluded: ok`);
  return [...told, ...left, `${name} check ${ok ? "passed" : "failed"}`, ""].join("\n");
}
