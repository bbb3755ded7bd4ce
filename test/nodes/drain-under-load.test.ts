import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Cluster, type RunEntry } from "@seaworthy/cluster";
import { createPlan, startLoad, steadyPace } from "@seaworthy/load";
import { followDrain, noKubectl, runKubectl } from "./follow-drain.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface App {
  readonly name: string;
  readonly manifests: string;
  /** Whose pods get a budget here; who has none brings his own. */
  readonly selector?: string;
  readonly run: Readonly<Record<string, RunEntry>>;
}

const apps = {
  good: {
    name: "httpserver",
    manifests: root("apps/httpserver/k8s"),
    run: { "seaworthy.dev/httpserver": { command: "node src/main.mjs", cwd: root("apps/httpserver") } },
  },
  careless: {
    name: "careless",
    manifests: root("examples/careless/k8s"),
    selector: "app=careless",
    run: { "registry.example/careless": { command: "node server.ts", cwd: root("examples/careless") } },
  },
} satisfies Record<string, App>;

/** Drains the nodes that have the app's pods one after the other while it gets requests, and counts what was lost. */
async function drainUnderLoad({ name, manifests, selector, run }: App) {
  await using cluster = await Cluster.start({ nodes: 4, hurried: true, run });
  const kubectl = async (...args: string[]) => {
    const { code, text } = await runKubectl(cluster.kubeconfigPath, ...args);
    assert.equal(code, 0, text);
  };
  await using followed = await followDrain(cluster.client, name);
  const { ready, until } = followed;

  await kubectl("apply", "-f", manifests);
  if (selector !== undefined)
    await kubectl("create", "poddisruptionbudget", name, "--min-available=2", `--selector=${selector}`);
  await until(() => followed.budget()?.disruptionsAllowed === 1);
  cluster.keepPace();
  await untilRouted(cluster, name);
  const target = {
    name,
    via: { kind: "dialed" },
    hostHeader: name,
    path: "/",
  } as const;
  const plan = createPlan({
    targets: [target],
    pace: steadyPace(50, 600_000),
    clients: ["keep-alive", "new-connection"],
    keepAliveConnections: 8,
  });
  await using load = await startLoad(plan, {
    dial: (_, timeoutMs) => cluster.dialService("default", name, 80, timeoutMs),
  });
  const fewest = followed.countFewest();
  const left = [...new Set(ready().map(({ spec }) => spec.nodeName ?? ""))].slice(0, 2);
  for (const node of left) {
    await kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=90s");
    await until(() => ready().length === 3);
  }
  const { ok, failed, classes } = await load.stop();
  assert.ok(ready().every(({ spec }) => !left.includes(spec.nodeName ?? "")));
  return { ok, failed, classes, fewest: fewest() };
}

/** Waits until the Service leads to a pod: its rules are written somewhat later than pods get ready. */
async function untilRouted(cluster: Cluster, service: string): Promise<void> {
  for (;;) {
    try {
      cluster.chooseEndpoint("default", service, 80);
      return;
    } catch {
      await setTimeout(10);
    }
  }
}

test(
  "a drain within the budget loses no request of an app that ends well",
  { skip: noKubectl, timeout: 240_000 },
  async () => {
    const { ok, failed, classes, fewest } = await drainUnderLoad(apps.good);
    assert.equal(failed, 0, JSON.stringify(classes));
    assert.ok(ok > 0);
    assert.ok(fewest >= 2, `${fewest} were ready`);
  },
);

test(
  "a budget does not save the requests of an app that ends badly",
  { skip: noKubectl, timeout: 240_000 },
  async () => {
    const { failed, fewest } = await drainUnderLoad(apps.careless);
    assert.ok(failed > 0);
    assert.ok(fewest >= 2, `${fewest} were ready`);
  },
);
