import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Item } from "../item.ts";
import { boats, deployment, service } from "../objects.ts";
import type { Program } from "../programs.ts";
import { writeManifest } from "../write-manifest.ts";

/** The programs that people use. */
export const programItems: readonly Item[] = [
  {
    number: 31,
    title: "kubectl's typed commands send protobuf: create deployment, autoscale, create quota, create role",
    needs: ["kubectl"],
    async check({ namespace, image, kubectl, get }) {
      const run = must(kubectl!, namespace);
      assert.match(await run("create", "deployment", "typed", `--image=${image}`, "--replicas=0"), /created/);
      await run("create", "configmap", "typed", "--from-literal=a=b");
      await run("create", "secret", "generic", "typed", "--from-literal=a=b");
      await run("create", "role", "typed", "--verb=get", "--resource=pods");
      await run("autoscale", "deployment", "typed", "--min=1", "--max=3", "--cpu=50%");
      await run("expose", "deployment", "typed", "--port=80");
      const scaler = await get(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/typed`);
      assert.deepEqual([scaler.spec.minReplicas, scaler.spec.maxReplicas], [1, 3]);
      const secret = await get(`/api/v1/namespaces/${namespace}/secrets/typed`);
      assert.deepEqual(secret.data, { a: "Yg==" });
    },
  },
  {
    number: 34,
    title: "Helm installs, upgrades, rolls back and uninstalls a chart",
    needs: ["helm", "controllers"],
    async check({ namespace, image, helm, get, ask }) {
      const run = must(helm!, namespace);
      const chart = await writeChart(image);
      await run("install", "app", chart, "--wait", "--timeout", "60s");
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/app`;
      assert.equal((await get(path)).spec.replicas, 1);
      await run("upgrade", "app", chart, "--set", "replicas=0", "--wait", "--timeout", "60s");
      assert.equal((await get(path)).spec.replicas, 0);
      await run("rollback", "app", "1", "--wait", "--timeout", "60s");
      assert.equal((await get(path)).spec.replicas, 1);
      assert.match(await run("history", "app"), /Rollback to 1/);
      await run("uninstall", "app", "--wait", "--timeout", "60s");
      assert.equal((await ask("GET", path)).code, 404);
    },
  },
  {
    number: 36,
    title:
      "Helm installs a chart with a kind in crds/ and an object of it, and leaves the kind when it uninstalls",
    needs: ["helm", "controllers"],
    async check({ namespace, helm, get, ask }) {
      const run = must(helm!, namespace);
      const group = `${namespace}.example.com`;
      const chart = await writeChartWithKind(group);
      await run("install", "app", chart, "--wait", "--timeout", "60s");
      const path = `/apis/${group}/v1/namespaces/${namespace}/boats/a`;
      assert.deepEqual((await get(path)).spec, { size: 3, color: "red" });
      await run("uninstall", "app", "--wait", "--timeout", "60s");
      assert.equal((await ask("GET", path)).code, 404);
      const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.${group}`;
      assert.equal((await ask("DELETE", definition)).code, 200);
    },
  },
  {
    number: 35,
    title: "kubectl diff finds nothing right after kubectl apply",
    needs: ["kubectl", "controllers"],
    async check({ namespace, image, kubectl, until }) {
      const run = must(kubectl!, namespace);
      const file = await writeManifest(deployment("same", image, { replicas: 0 }), service("same"));
      await run("apply", "-f", file);
      // What a controller writes between the two reads of a diff would be found by it.
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/same`;
      await until(path, (object) => object?.status.observedGeneration === 1);
      assert.equal(await run("diff", "-f", file), "");
    },
  },
  {
    number: 37,
    title: "kubectl applies a List, as kubectl get prints one",
    needs: ["kubectl"],
    async check({ namespace, image, kubectl }) {
      const run = must(kubectl!, namespace);
      const items = [deployment("listed", image, { replicas: 0 }), service("listed")];
      const file = await writeManifest({ apiVersion: "v1", kind: "List", items });
      assert.match(
        await run("apply", "-f", file),
        /deployment.apps\/listed created\nservice\/listed created/,
      );
    },
  },
];

function must(program: Program, namespace: string) {
  return async (...args: string[]): Promise<string> => {
    const { code, out, err } = await program.run(...args, "-n", namespace);
    assert.equal(code, 0, `${args.join(" ")}: ${err}${out}`);
    return out;
  };
}

async function writeChartWithKind(group: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-chart-"));
  await mkdir(join(folder, "templates"));
  await mkdir(join(folder, "crds"));
  await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: app\nversion: 0.1.0\n");
  await writeFile(join(folder, "crds", "boats.yaml"), JSON.stringify(boats(group)));
  const boat = { apiVersion: `${group}/v1`, kind: "Boat", metadata: { name: "a" }, spec: { size: 3 } };
  await writeFile(join(folder, "templates", "boat.yaml"), JSON.stringify(boat));
  return folder;
}

async function writeChart(image: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-chart-"));
  await mkdir(join(folder, "templates"));
  await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: app\nversion: 0.1.0\n");
  await writeFile(join(folder, "values.yaml"), "replicas: 1\n");
  const text = JSON.stringify({
    ...deployment("app", image),
    spec: { ...deployment("app", image).spec, replicas: "REPLICAS" },
  });
  await writeFile(
    join(folder, "templates", "app.yaml"),
    text.replace('"REPLICAS"', "{{ .Values.replicas }}"),
  );
  return folder;
}
