/**
 * Asks a cluster all that the fidelity suite knows to ask, and prints one line for each item. Exit 1 when it does
 * something else than the suite says, which a real Kubernetes does.
 *
 * usage: npm run fidelity -- [--kubeconfig FILE] [--image IMAGE] [--shell-image IMAGE] [--only NUMBER] [--out RESULTS.json]
 *
 * Without a kubeconfig an embedded cluster is started and asked over its socket. IMAGE runs on the nodes; the default is
 * registry.k8s.io/pause:3.10, and busybox:1.36 where a shell is needed. kubectl and Helm are those in PATH, or named by KUBECTL and HELM.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { httpTransport, readKubeconfig, type Transport } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { checkItem, whyNot, type Target } from "../test/fidelity/check-item.ts";
import { items } from "../test/fidelity/items.ts";
import { findProgram } from "../test/fidelity/programs.ts";

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    image: { type: "string", default: "registry.k8s.io/pause:3.10" },
    "shell-image": { type: "string", default: "busybox:1.36" },
    only: { type: "string" },
    out: { type: "string" },
  },
});
await using stack = new AsyncDisposableStack();
const kubeconfig =
  values.kubeconfig ??
  stack.use(await Cluster.start({ profile: "instant", run: { busybox: "sh" } })).kubeconfigPath;
const home = mkdtempSync(join(tmpdir(), "seaworthy-fidelity-"));
const transport = httpTransport(await readKubeconfig({ file: kubeconfig }));
const target: Target = {
  transport,
  has: (await hasForgotten(transport)) ? ["controllers", "forgetfulness"] : ["controllers"],
  prefix: `fidelity-${process.pid}`,
  image: values.image,
  shellImage: values["shell-image"],
  kubectl: findProgram(process.env["KUBECTL"] ?? "kubectl", ["version", "--client"], kubeconfig, home),
  helm: findProgram(process.env["HELM"] ?? "helm", ["version"], kubeconfig, home),
};
const results: Record<string, string> = {};
for (const item of items) {
  if (values.only !== undefined && item.number !== Number(values.only)) continue;
  const result = await ask(item);
  results[item.number] = result;
  process.stdout.write(
    `${result === "ok" ? "ok  " : result.startsWith("skipped") ? "skip" : "FAIL"} ${item.number} ${item.title}\n`,
  );
  if (result !== "ok") process.stdout.write(`       ${result.replaceAll("\n", "\n       ")}\n`);
}
const counts = Object.groupBy(Object.values(results), (result) =>
  result === "ok" ? "ok" : result.startsWith("skipped") ? "skipped" : "failed",
);
process.stdout.write(
  `\n${counts.ok?.length ?? 0} ok, ${counts.failed?.length ?? 0} failed, ${counts.skipped?.length ?? 0} skipped\n`,
);
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = counts.failed === undefined ? 0 : 1;

/** Whether a cluster has forgotten its first writes: a young one remembers all that happened in it. */
async function hasForgotten(ask: Transport): Promise<boolean> {
  const query = new URLSearchParams({ resourceVersion: "1", resourceVersionMatch: "Exact", limit: "1" });
  const { status } = await ask({ method: "GET", path: "/api/v1/configmaps", query, headers: {} });
  return status === 410;
}

async function ask(item: (typeof items)[number]): Promise<string> {
  const reason = whyNot(item, target);
  if (reason !== undefined) return `skipped: ${reason}`;
  try {
    await checkItem(item, target);
    return "ok";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
