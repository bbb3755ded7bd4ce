import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Cluster } from "@seaworthy/cluster";

const go = process.env["GO"];
const skip = go === undefined ? "no Go named by GO" : false;
const run = promisify(execFile);

/** test/client-go/main.go, which is what operators are made of: all of its requests are protobuf where they can be. */
describe("a program on client-go", { skip, timeout: 600_000 }, () => {
  const resources = new AsyncDisposableStack();
  let cluster: Cluster;
  let program: string;

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), "seaworthy-client-go-"));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    program = join(folder, "program");
    const cwd = fileURLToPath(new URL("client-go", import.meta.url));
    await run(go ?? "", ["build", "-mod=mod", "-o", program, "."], { cwd });
    cluster = resources.use(await Cluster.start({ profile: "instant", nodes: 1 }));
  });
  after(() => resources.disposeAsync());

  test("writes, follows, applies, pages, evicts, is elected, and knows refusals by their kind", async () => {
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath };
    const { stdout } = await run(program, [], { env });
    const steps = [
      "typed",
      "informers",
      "conflict",
      "apply",
      "dynamic",
      "metadata",
      "pages",
      "eviction",
      "leader",
      "errors",
    ];
    assert.deepEqual(
      stdout.trim().split("\n"),
      steps.map((step) => `ok ${step}`),
    );
  });
});
