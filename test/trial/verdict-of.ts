import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { schemaProblems, type Schema } from "../../packages/load/src/testing/schema-problems.ts";
import { seaworthy } from "../seaworthy-command.ts";

const schema = JSON.parse(readFileSync("docs/schemas/trial-v1.schema.json", "utf8")) as Schema;

/** A trial's verdict as JSON, as far as tests look at it. */
export interface Verdict {
  readonly schema: string;
  readonly verdict: "seaworthy" | "leaking" | "invalid";
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  readonly unavoidable: number;
  readonly terminations: number;
  readonly targets: readonly {
    readonly name: string;
    readonly url: string;
    readonly methods: readonly string[];
    readonly status: readonly (readonly [from: number, to: number])[];
  }[];
  readonly streams?: {
    readonly held: number;
    readonly announced: number;
    readonly broken: number;
    readonly unavoidable: number;
    readonly kinds: readonly {
      readonly kind: string;
      readonly target: string;
      readonly connections: number;
    }[];
    readonly breaks: readonly {
      readonly target: string;
      readonly pod: string | null;
      readonly sinceDeletionMs: number | null;
      readonly cause: string;
    }[];
  };
  readonly failures: readonly {
    readonly class: string;
    readonly pod: string | null;
    readonly sinceDeletionMs: number | null;
    readonly cause: string;
    readonly advice: string | null;
  }[];
  readonly latency: Readonly<Record<"p50Ms" | "p99Ms" | "p999Ms" | "maxMs", number>>;
  readonly generator: { readonly lagP99Ms: number };
  readonly scenarios: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly autoscaling?: readonly {
      readonly autoscaler: string;
      readonly from: number;
      readonly to: number;
      readonly topPercent: number;
      readonly actedAfterMs: number | null;
      readonly readyAfterMs: number | null;
      readonly lostDown: number;
      readonly ended: number;
      readonly shortenedWindowSeconds: number | null;
    }[];
  }[];
}

/** The verdict of a trial of manifests, held against its published schema. */
export async function verdictOf(
  path: string,
  ...flags: string[]
): Promise<{ exitCode: number | null; verdict: Verdict }> {
  const { exitCode, stdout, stderr } = await seaworthy([
    "trial",
    resolve(path),
    "--output",
    "json",
    ...flags,
  ]);
  assert.ok(stdout.startsWith("{"), `no verdict; exit ${exitCode}\n${stderr}`);
  const data = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(schemaProblems(data, schema), []);
  assert.equal(schemaProblems({ ...data, surprise: 1 }, schema).length, 1);
  return { exitCode, verdict: data as unknown as Verdict };
}

/** No request was lost. A few failures are shown: a diff of thousands of objects takes gigabytes. */
export function assertNoFailures({ failures }: Verdict): void {
  assert.equal(failures.length, 0, JSON.stringify(failures.slice(0, 3), undefined, 1));
}
