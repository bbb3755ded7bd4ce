import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { createClient, type KubeClient } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import {
  parseManifests,
  resourceTypes,
  type Deployment,
  type KubeObject,
  createKinds,
  servedKinds,
} from "@seaworthy/kube";
import { applyManifests } from "@seaworthy/release";
import { createApiServer } from "../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../packages/cluster/src/clock.ts";
import { seededRandom } from "../packages/cluster/src/random.ts";
import { gadgetKind } from "./kinds/gadget-kind.ts";

/** The kubectl to test with: KUBECTL, or the one in PATH. */
const kubectlPath = process.env["KUBECTL"] ?? "kubectl";
const version = spawnSync(kubectlPath, ["version", "--client"], { encoding: "utf8" });
const minor = Number(/Client Version: v1\.(\d+)/.exec(version.stdout ?? "")?.[1] ?? 0);
// One minor version of skew is what Kubernetes supports; an older one warns on every call.
const skip = minor >= 35 ? false : "no kubectl of version 1.35 or later in PATH or named by KUBECTL";

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Fixture extends AsyncDisposable {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly file: (yaml: string) => Promise<string>;
  readonly kubectl: (...args: string[]) => Promise<Answer>;
}

const manifests = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          ports: [{containerPort: 8080}]
          env: [{name: GREETING, value: hello}]
          readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
          resources: {requests: {cpu: 500m, memory: 1Gi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LEVEL: info}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: nginx
  rules: [{host: web.test, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
`;

const boats = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.sea.example}
spec:
  group: sea.example
  scope: Namespaced
  names: {plural: boats, kind: Boat, shortNames: [bt], categories: [fleet]}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.afloat}}
      additionalPrinterColumns:
        - {name: Size, type: integer, jsonPath: .spec.size}
        - {name: Color, type: string, jsonPath: .spec.color}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              description: What a boat is like.
              required: [size]
              properties:
                size: {type: integer, maximum: 10}
                color: {type: string, default: red}
                masts:
                  type: array
                  items:
                    type: object
                    required: [name]
                    properties:
                      name: {type: string}
                      height: {type: integer, default: 5, description: How tall it is.}
            status: {type: object, properties: {afloat: {type: integer}}}
`;

/** Everything that kubectl keeps between calls (its discovery cache) goes into a folder that is removed at the end. */
async function fixture(kubeconfigText: string, client: KubeClient, api: AsyncDisposable): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-kubectl-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigText);
  const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: folder };
  let files = 0;
  return {
    client,
    kubeconfig,
    async file(yaml) {
      const path = join(folder, `${(files += 1)}.yaml`);
      await writeFile(path, yaml);
      return path;
    },
    kubectl: (...args) =>
      new Promise((resolve) => {
        execFile(kubectlPath, args, { env, timeout: 60_000 }, (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
        });
      }),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startApi(kinds = createKinds()): Promise<Fixture> {
  const server = createApiServer({ kinds, clock: systemClock, random: seededRandom(1) });
  const client = createClient(server.transport);
  await client.create(resourceTypes.namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
  });
  const api = await server.start({});
  return fixture(api.kubeconfig, client, api);
}

async function ok(answer: Promise<Answer>): Promise<string> {
  const { code, out, err } = await answer;
  assert.equal(code, 0, err + out);
  assert.equal(err, "");
  return out;
}

async function refused(answer: Promise<Answer>): Promise<string> {
  const { code, err } = await answer;
  assert.notEqual(code, 0);
  return err.trim();
}

/** The cells of the columns named, line by line. */
function cells(table: string, ...columns: string[]): string[][] {
  const [header = "", ...lines] = table.trimEnd().split("\n");
  const names = header.split(/\s{2,}/);
  return lines.map((line) => columns.map((column) => line.split(/\s{2,}/)[names.indexOf(column)] ?? ""));
}

describe("kubectl and the API server alone", { skip }, () => {
  test("a kind of one file is applied, checked and shown like any other", async () => {
    await using api = await startApi(createKinds([...servedKinds, gadgetKind]));
    const gadget = (size: number) =>
      api.file(`apiVersion: toys.example/v2\nkind: Gadget\nmetadata: {name: a}\nspec: {size: ${size}}\n`);
    assert.equal(await ok(api.kubectl("apply", "-f", await gadget(1))), "gadget.toys.example/a created\n");
    assert.equal(await ok(api.kubectl("apply", "-f", await gadget(2))), "gadget.toys.example/a configured\n");
    assert.match(
      await refused(api.kubectl("apply", "-f", await gadget(0))),
      /is invalid: spec.size: Invalid value: 0: must be at least 1/,
    );
    assert.deepEqual(cells(await ok(api.kubectl("get", "gd")), "NAME", "COLOR"), [["a", "red"]]);
    assert.match(
      await ok(api.kubectl("api-resources", "--api-group", "toys.example")),
      /gadgets +gd +toys.example\/v2/,
    );
  });

  test("a CustomResourceDefinition is applied, and objects of its kind are shown, explained, scaled, patched, and go with it", async () => {
    await using api = await startApi();
    const file = await api.file(boats);
    assert.match(await ok(api.kubectl("apply", "-f", file)), /boats.sea.example created/);
    await ok(api.kubectl("wait", "--for=condition=established", "crd/boats.sea.example", "--timeout=20s"));
    const boat = await api.file(
      "apiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: a}\nspec: {size: 3}\n",
    );
    assert.equal(await ok(api.kubectl("apply", "-f", boat)), "boat.sea.example/a created\n");
    assert.equal(await ok(api.kubectl("apply", "-f", boat)), "boat.sea.example/a unchanged\n");
    assert.equal((await api.kubectl("diff", "-f", boat)).code, 0);
    assert.deepEqual(cells(await ok(api.kubectl("get", "bt")), "NAME", "SIZE", "COLOR"), [["a", "3", "red"]]);
    assert.match(await ok(api.kubectl("get", "fleet", "-o", "name")), /boat.sea.example\/a/);
    const explained = await ok(api.kubectl("explain", "boat.spec"));
    assert.match(explained, /FIELD: spec <Object>[^]*What a boat is like[^]*size\t<integer> -required-/);
    assert.match(await ok(api.kubectl("explain", "boats.spec.masts.height")), /How tall it is/);
    assert.match(await ok(api.kubectl("explain", "boats.metadata.labels")), /labels <map\[string\]string>/);
    await ok(api.kubectl("scale", "boat", "a", "--replicas=5"));
    await ok(
      api.kubectl(
        "patch",
        "boat",
        "a",
        "--type",
        "merge",
        "-p",
        '{"spec":{"color":"blue","masts":[{"name":"main"}]}}',
      ),
    );
    await ok(
      api.kubectl(
        "patch",
        "boat",
        "a",
        "--type",
        "merge",
        "--subresource=status",
        "-p",
        '{"status":{"afloat":2}}',
      ),
    );
    const { spec, status, metadata } = JSON.parse(
      await ok(api.kubectl("get", "boat", "a", "-o", "json")),
    ) as Record<string, Record<string, unknown>>;
    assert.deepEqual(
      [spec, status, metadata?.["generation"]],
      [{ size: 5, color: "blue", masts: [{ name: "main", height: 5 }] }, { afloat: 2 }, 3],
    );
    assert.match(
      await refused(api.kubectl("patch", "boat", "a", "--type", "merge", "-p", '{"spec":{"size":11}}')),
      /spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10/,
    );
    const odd = await api.file(
      "apiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: b}\nspec: {size: 1, odd: 2}\n",
    );
    assert.match(await refused(api.kubectl("apply", "-f", odd)), /unknown field "spec.odd"/);
    assert.match(await ok(api.kubectl("delete", "crd", "boats.sea.example")), /deleted/);
    assert.match(await refused(api.kubectl("get", "boats")), /could not find the requested resource/);
    assert.doesNotMatch(await ok(api.kubectl("api-resources")), /boats/);
    await ok(api.kubectl("apply", "-f", file));
    assert.equal((await api.kubectl("get", "boats")).out, "");
  });

  test("apply creates, then says unchanged; diff then finds nothing", async () => {
    await using api = await startApi();
    const file = await api.file(manifests);
    const created = await ok(api.kubectl("apply", "-f", file));
    assert.equal(created.split("\n").filter((line) => line.endsWith(" created")).length, 4, created);
    assert.equal((await api.kubectl("diff", "-f", file)).code, 0);
    const again = await ok(api.kubectl("apply", "-f", file));
    assert.equal(again.split("\n").filter((line) => line.endsWith(" unchanged")).length, 4, again);
    const changed = await api.file(
      manifests.replace("replicas: 2", "replicas: 3").replace("value: hello", "value: hi"),
    );
    const diff = await api.kubectl("diff", "-f", changed);
    assert.equal(diff.code, 1);
    assert.match(diff.out, /^\+\s+replicas: 3$/m);
    await ok(api.kubectl("apply", "-f", changed));
    const web = await api.client.get<Deployment>(resourceTypes.deployments, "default", "web");
    assert.deepEqual(web.spec.template.spec.containers[0]?.env, [{ name: "GREETING", value: "hi" }]);
    assert.equal(web.metadata.generation, 2);
  });

  test("apply changes nothing of what seaworthy applied from the same file", async () => {
    await using api = await startApi();
    const odd = `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, labels: {z: "1", a: "2"}}\ndata: {"10": "<b> & c", "9": é, B: x, a: z}\n`;
    const text = `${manifests}${odd}`;
    await applyManifests(api.client, parseManifests("a.yaml", text), { namespace: "default" });
    const applied = await ok(api.kubectl("apply", "-f", await api.file(text)));
    assert.deepEqual(
      applied
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[1]),
      Array.from({ length: 5 }, () => "unchanged"),
      applied,
    );
  });

  test("apply --server-side: owners, conflicts, force, scale, diff", async () => {
    await using api = await startApi();
    const managers = async (): Promise<string[]> => {
      const shown = await ok(api.kubectl("get", "deploy", "web", "-o", "json", "--show-managed-fields"));
      const { managedFields = [] } = (JSON.parse(shown) as KubeObject).metadata;
      return managedFields.map(({ manager, operation, subresource }) =>
        [manager, operation, subresource].filter((part) => part !== undefined).join(" "),
      );
    };
    const serverSide = (file: string, ...more: string[]) =>
      api.kubectl("apply", "--server-side", "-f", file, ...more);
    const file = await api.file(manifests);
    const applied = await ok(serverSide(file));
    assert.equal(applied.match(/ serverside-applied$/gm)?.length, 4, applied);
    const { resourceVersion } = (
      await api.client.get<Deployment>(resourceTypes.deployments, "default", "web")
    ).metadata;
    await ok(serverSide(file));
    const again = await api.client.get<Deployment>(resourceTypes.deployments, "default", "web");
    assert.equal(again.metadata.resourceVersion, resourceVersion, "the same again is not written");
    assert.deepEqual(await managers(), ["kubectl Apply"]);
    assert.equal((await api.kubectl("diff", "--server-side", "-f", file)).code, 0);
    assert.doesNotMatch(await ok(api.kubectl("get", "deploy", "web", "-o", "yaml")), /managedFields/);

    await ok(api.kubectl("scale", "deploy", "web", "--replicas=5"));
    assert.deepEqual(await managers(), ["kubectl Apply", "kubectl Update scale"]);
    assert.match(
      await refused(serverSide(file)),
      /^error: Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas\n/,
    );
    const unscaled = await api.file(manifests.replace("  replicas: 2\n", ""));
    await ok(serverSide(unscaled));
    const scaled = await api.client.get<Deployment>(resourceTypes.deployments, "default", "web");
    assert.equal(scaled.spec.replicas, 5);
    await ok(serverSide(file, "--force-conflicts"));
    assert.deepEqual(await managers(), ["kubectl Apply"]);

    const other = await api.file(manifests.replace("image: web:1", "image: web:2"));
    assert.match(
      await refused(serverSide(other, "--field-manager=other")),
      /conflict with "kubectl": \.spec\.template\.spec\.containers\[name="web"\]\.image\n/,
    );
    const diff = await api.kubectl("diff", "--server-side", "--force-conflicts", "-f", other);
    assert.match(diff.out, /^\+ +(?:- )?image: web:2$/m, diff.err);
  });

  test("apply --server-side takes over from apply, which still works then", async () => {
    await using api = await startApi();
    const file = await api.file(manifests);
    await ok(api.kubectl("apply", "-f", file));
    const changed = await api.file(manifests.replace("image: web:1", "image: web:2"));
    await ok(api.kubectl("apply", "--server-side", "-f", changed));
    const web = await api.client.get<Deployment>(resourceTypes.deployments, "default", "web");
    const owners = web.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`);
    // kubectl applies the annotation under a name of its own.
    assert.deepEqual(owners?.toSorted(), ["kubectl Apply", "kubectl-last-applied Apply"]);
    assert.match(
      web.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"] ?? "",
      /web:2/,
    );
    await ok(api.kubectl("apply", "-f", changed));
    assert.match(await ok(api.kubectl("apply", "-f", changed)), /deployment.apps\/web unchanged/);
    assert.match(await ok(api.kubectl("apply", "-f", file)), /deployment.apps\/web configured/);
  });

  test("get shows the columns that Kubernetes shows", async () => {
    await using api = await startApi();
    await ok(api.kubectl("apply", "-f", await api.file(manifests)));
    const deployments = await ok(api.kubectl("get", "deploy", "-o", "wide"));
    const columns = ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "CONTAINERS", "IMAGES", "SELECTOR"];
    assert.deepEqual(cells(deployments, ...columns), [["web", "0/2", "0", "0", "web", "web:1", "app=web"]]);
    const [service] = cells(await ok(api.kubectl("get", "svc")), "NAME", "TYPE", "EXTERNAL-IP", "PORT(S)");
    assert.deepEqual(service?.slice(0, 3), ["web", "NodePort", "<none>"]);
    assert.match(service?.[3] ?? "", /^80:3\d{4}\/TCP$/);
    const ingress = cells(await ok(api.kubectl("get", "ing")), "NAME", "CLASS", "HOSTS");
    assert.deepEqual(ingress, [["web", "nginx", "web.test"]]);
    assert.match(await ok(api.kubectl("get", "all")), /service\/web[^]*deployment\.apps\/web/);
    assert.equal(
      await ok(api.kubectl("get", "deploy", "-l", "app=web", "-o", "name")),
      "deployment.apps/web\n",
    );
    assert.match(await ok(api.kubectl("describe", "deploy", "web")), /Replicas: +2 desired/);
    assert.match(await ok(api.kubectl("describe", "svc", "web")), /TargetPort: +8080\/TCP/);
  });

  test("set env, set image, scale, patch and label", async () => {
    await using api = await startApi();
    await ok(api.kubectl("apply", "-f", await api.file(manifests)));
    await ok(api.kubectl("set", "env", "deploy/web", "LEVEL=debug"));
    await ok(api.kubectl("set", "image", "deploy/web", "web=web:2"));
    await ok(api.kubectl("scale", "deploy/web", "--replicas=5"));
    await ok(
      api.kubectl(
        "patch",
        "deploy",
        "web",
        "--type=json",
        "-p",
        '[{"op":"add","path":"/spec/paused","value":true}]',
      ),
    );
    await ok(api.kubectl("label", "deploy", "web", "team=a"));
    const { spec, metadata } = await api.client.get<Deployment>(resourceTypes.deployments, "default", "web");
    const [container] = spec.template.spec.containers;
    assert.deepEqual(container?.env, [
      { name: "GREETING", value: "hello" },
      { name: "LEVEL", value: "debug" },
    ]);
    assert.deepEqual([container?.image, spec.replicas, spec.paused], ["web:2", 5, true]);
    assert.deepEqual([metadata.labels, metadata.generation], [{ app: "web", team: "a" }, 5]);
  });

  test("says no in the words of Kubernetes", async () => {
    await using api = await startApi();
    const file = await api.file(manifests);
    await ok(api.kubectl("apply", "-f", file));
    const { kubectl } = api;
    assert.equal(
      await refused(kubectl("get", "deploy", "x")),
      'Error from server (NotFound): deployments.apps "x" not found',
    );
    assert.match(
      await refused(kubectl("create", "-f", file)),
      /\(AlreadyExists\).*deployments\.apps "web" already exists/,
    );
    assert.match(
      await refused(kubectl("apply", "-n", "no", "-f", file)),
      /\(NotFound\).*namespaces "no" not found/,
    );
    assert.equal(
      await refused(kubectl("scale", "deploy/web", "--replicas=2", "--current-replicas=9")),
      "error: Expected replicas to be 9, was 2",
    );
    const selector = '{"spec":{"selector":{"matchLabels":{"app":"z"}}}}';
    const message = await refused(kubectl("patch", "deploy", "web", "-p", selector));
    assert.match(message, /spec\.selector: Invalid value: .*: field is immutable/);
    const typo = await api.file(manifests.replace("replicas: 2", "replica: 2"));
    assert.match(await refused(kubectl("apply", "-f", typo)), /unknown field "spec\.replica"/);
  });

  test("explain, api-resources, version and raw paths", async () => {
    await using api = await startApi();
    assert.match(
      await ok(api.kubectl("explain", "deploy.spec.strategy.rollingUpdate")),
      /maxSurge\s+<IntOrString>/,
    );
    assert.match(await ok(api.kubectl("api-resources")), /deployments +deploy +apps\/v1 +true +Deployment/);
    assert.match(await ok(api.kubectl("version")), /Server Version: v1\.36/);
    assert.equal(await ok(api.kubectl("get", "--raw", "/readyz")), "ok");
  });

  test("get -w prints the header once and each change", async () => {
    await using api = await startApi();
    await ok(api.kubectl("apply", "-f", await api.file(manifests)));
    const args = ["get", "deploy", "-w", "--output-watch-events"];
    const watch = spawn(kubectlPath, args, { env: { ...process.env, KUBECONFIG: api.kubeconfig } });
    try {
      const lines: string[] = [];
      const incoming = createInterface(watch.stdout)[Symbol.asyncIterator]();
      const line = async (count: number) => {
        while (lines.length < count) lines.push(String((await incoming.next()).value));
      };
      await line(2);
      const patch = (replicas: number) =>
        api.client.patch<KubeObject>(resourceTypes.deployments, "default", "web", "merge", {
          spec: { replicas },
        });
      await patch(3);
      await patch(4);
      await line(4);
      await api.client.delete(resourceTypes.deployments, "default", "web");
      await line(5);
      const words = lines.map((text) => text.split(/\s+/).slice(0, 3).join(" "));
      assert.deepEqual(words, [
        "EVENT NAME READY",
        "ADDED web 0/2",
        "MODIFIED web 0/3",
        "MODIFIED web 0/4",
        "DELETED web 0/4",
      ]);
    } finally {
      watch.kill();
    }
  });

  test("delete waits until the object is gone", async () => {
    await using api = await startApi();
    const file = await api.file(manifests);
    await ok(api.kubectl("apply", "-f", file));
    await ok(api.kubectl("delete", "-f", file, "--timeout=10s"));
    assert.equal((await api.client.list(resourceTypes.deployments)).items.length, 0);
  });
});

describe("kubectl and a whole cluster", { skip }, () => {
  test(
    "rollout status, set env, logs and delete do what they do on a real cluster",
    { timeout: 120_000 },
    async () => {
      await using cluster = await Cluster.start({ profile: "instant" });
      const { readFile } = await import("node:fs/promises");
      const nothing = { async [Symbol.asyncDispose]() {} };
      await using api = await fixture(
        await readFile(cluster.kubeconfigPath, "utf8"),
        cluster.client,
        nothing,
      );
      const file = await api.file(manifests);
      await ok(api.kubectl("apply", "-f", file));
      const rolledOut = await api.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
      assert.match(rolledOut.out, /deployment "web" successfully rolled out/, rolledOut.err);
      const pods = cells(
        await ok(api.kubectl("get", "pods", "-l", "app=web")),
        "READY",
        "STATUS",
        "RESTARTS",
      );
      assert.deepEqual(pods, [
        ["1/1", "Running", "0"],
        ["1/1", "Running", "0"],
      ]);
      await ok(api.kubectl("set", "env", "deploy/web", "GREETING=bye"));
      const again = await api.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
      assert.match(again.out, /successfully rolled out/, again.err);
      assert.match(await ok(api.kubectl("rollout", "history", "deploy/web")), /^2 /m);
      assert.equal((await api.kubectl("logs", "deploy/web")).code, 0);
      await ok(api.kubectl("delete", "-f", file, "--timeout=60s"));
      await ok(api.kubectl("wait", "--for=delete", "pods", "-l", "app=web", "--timeout=60s"));
    },
  );
});
