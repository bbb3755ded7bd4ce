import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { seaworthy } from "../seaworthy-command.ts";

/** What came of a trial, as far as it is looked at here. */
export interface Tried {
  /** Where the load went through the edge. */
  readonly url: string;
  readonly stderr: string;
}

/** What stands for the image of the reference service, for `--run`. */
export const httpserverRun = `seaworthy.dev/httpserver:0.1.0=node ${resolve("apps/httpserver/src/main.mjs")}`;

/** Gives the host of the reference service TLS, in a copy of its manifests. */
export async function addTls(folder: string): Promise<void> {
  const file = join(folder, "ingress.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("  rules:", "  tls:\n    - hosts: [httpserver.localhost]\n  rules:"));
}

/** A short trial of the reference service with other manifests at the edge, in which no request may be lost. */
export async function tryHttpserver(
  change: (folder: string) => Promise<void>,
  ...flags: readonly string[]
): Promise<Tried> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "edge-test-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  await cp("apps/httpserver/k8s", folder, { recursive: true });
  await change(folder);
  const short = ["--rounds", "1", "--rate", "40", "--path", "/", "--output", "json"];
  const { stdout, stderr } = await seaworthy(["trial", folder, ...short, ...flags]);
  assert.ok(stdout.startsWith("{"), stderr);
  const verdict = JSON.parse(stdout) as {
    readonly targets: readonly { readonly name: string; readonly url: string }[];
    readonly requests: { readonly ok: number; readonly failed: number };
  };
  assert.ok(verdict.requests.ok > 0, stderr);
  assert.equal(verdict.requests.failed, 0, stderr);
  return { url: verdict.targets.find(({ name }) => name === "ingress")?.url ?? "", stderr };
}
