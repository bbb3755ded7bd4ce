import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes, type CertificateSigningRequest } from "@seaworthy/kube";
import { makeSigningRequest } from "../packages/certificates/src/testing/make-signing-request.ts";

/** The kubectl to test with: KUBECTL, or the one in PATH. */
const kubectlPath = process.env["KUBECTL"] ?? "kubectl";
const version = spawnSync(kubectlPath, ["version", "--client"], { encoding: "utf8" });
const minor = Number(/Client Version: v1\.(\d+)/.exec(version.stdout ?? "")?.[1] ?? 0);
const skip = minor >= 35 ? false : "no kubectl of version 1.35 or later in PATH or named by KUBECTL";

describe("kubectl as somebody else than the administrator", { skip, timeout: 120_000 }, () => {
  const resources = new AsyncDisposableStack();
  let cluster: Cluster;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "seaworthy-kubectl-"));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    cluster = resources.use(await Cluster.start({ profile: "instant", nodes: 1 }));
    await applied(`
kind: Namespace
apiVersion: v1
metadata: {name: team}
---
kind: Role
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: reader, namespace: team}
rules: [{apiGroups: [""], resources: [pods, configmaps], verbs: [get, list]}]
---
kind: RoleBinding
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: reader, namespace: team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: devs}, {kind: ServiceAccount, name: default}]
`);
  });
  after(() => resources.disposeAsync());

  test("auth whoami, can-i and can-i --list", async () => {
    assert.match(await ok("auth", "whoami"), /Username\s+seaworthy-admin\n/);
    assert.match(
      await ok("auth", "whoami", "--as=jane", "--as-group=devs"),
      /Groups\s+\[devs system:authenticated\]/,
    );
    assert.equal(await ok("auth", "can-i", "create", "nodes"), "yes\n");
    const jane = ["--as=jane", "--as-group=devs", "-n", "team"];
    assert.equal(await ok("auth", "can-i", "list", "pods", ...jane), "yes\n");
    assert.equal((await kubectl("auth", "can-i", "delete", "pods", ...jane)).out, "no\n");
    assert.equal((await kubectl("auth", "can-i", "get", "/metrics", "--as=jane")).out, "no\n");
    assert.match(await ok("auth", "can-i", "--list", ...jane), /^pods\s+\[\]\s+\[\]\s+\[get list\]$/m);
  });

  test("--as reads what the roles allow, and is refused the rest", async () => {
    const jane = ["--as=jane", "--as-group=devs"];
    assert.match(await ok("get", "configmaps", "-n", "team", ...jane), /^kube-root-ca.crt /m);
    assert.equal(
      await refused("get", "secrets", "-n", "team", ...jane),
      'Error from server (Forbidden): secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "team"',
    );
    assert.equal(
      await refused("get", "deployments", "-A", ...jane),
      'Error from server (Forbidden): deployments.apps is forbidden: User "jane" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
  });

  test("a token of a ServiceAccount is that account, and nobody else", async () => {
    const as = await asUser(`token: ${await cluster.client.requestToken("team", "default", {})}`);
    assert.match(await ok(...as, "get", "configmaps", "-n", "team"), /^kube-root-ca.crt /m);
    assert.match(
      await refused(...as, "get", "nodes"),
      /User "system:serviceaccount:team:default" cannot list resource "nodes"/,
    );
    assert.match(
      await refused(...as, "get", "pods", "--as=jane"),
      /cannot impersonate-on:user-info:list resource "pods"/,
    );
  });

  test("create token", async () => {
    const token = (await ok("create", "token", "default", "-n", "team", "--duration=1h")).trim();
    const as = await asUser(`token: ${token}`);
    assert.match(await ok(...as, "auth", "whoami"), /Username\s+system:serviceaccount:team:default\n/);
    assert.match(await refused("create", "token", "nobody"), /serviceaccounts "nobody" not found/);
    assert.match(
      await refused("create", "token", "default", "--duration=1m"),
      /may not specify a duration less than 10 minutes/,
    );
  });

  test("a Secret of the old kind is filled with a token, and goes with its account", async () => {
    await applied(`
kind: ServiceAccount
apiVersion: v1
metadata: {name: robot, namespace: team}
---
kind: Secret
apiVersion: v1
type: kubernetes.io/service-account-token
metadata: {name: robot, namespace: team, annotations: {kubernetes.io/service-account.name: robot}}
`);
    const path = "--for=jsonpath={.data.token}";
    await ok("wait", path, "secret/robot", "-n", "team", "--timeout=30s");
    const token = await ok(
      "get",
      "secret",
      "robot",
      "-n",
      "team",
      "-o",
      "go-template={{.data.token | base64decode}}",
    );
    const as = await asUser(`token: ${token}`);
    assert.match(await refused(...as, "get", "pods"), /User "system:serviceaccount:team:robot" cannot list/);
    await ok("delete", "serviceaccount", "robot", "-n", "team");
    await ok("wait", "--for=delete", "secret/robot", "-n", "team", "--timeout=30s");
    assert.match(await refused(...as, "get", "pods"), /Unauthorized/);
  });

  test("an approved request becomes a certificate that is its user", async () => {
    const { key } = await requested("jane");
    assert.equal(await ok("get", "csr", "jane", "-o", "jsonpath={.spec.username}"), "seaworthy-admin");
    await decide("jane", "Approved");
    await ok("wait", "--for=jsonpath={.status.certificate}", "csr/jane", "--timeout=30s");
    const certificate = await ok("get", "csr", "jane", "-o", "jsonpath={.status.certificate}");
    const as = await asUser(
      `client-certificate-data: ${certificate}, client-key-data: ${Buffer.from(key).toString("base64")}`,
    );
    assert.match(await ok(...as, "get", "configmaps", "-n", "team"), /^kube-root-ca.crt /m);
    assert.match(await refused(...as, "get", "nodes"), /User "jane" cannot list resource "nodes"/);
  });

  test("certificate approve and deny", async () => {
    await requested("approved");
    await ok("certificate", "approve", "approved");
    await ok("wait", "--for=jsonpath={.status.certificate}", "csr/approved", "--timeout=30s");
    await requested("denied");
    await ok("certificate", "deny", "denied");
    assert.match(await ok("get", "csr", "denied"), /Denied/);
  });

  test("auth reconcile adds what a role lacks, and nobody gives away what he has not", async () => {
    const role = `
kind: Role
apiVersion: rbac.authorization.k8s.io/v1
metadata: {name: reader, namespace: team}
rules: [{apiGroups: [""], resources: [events], verbs: [get]}]
`;
    const file = await write(role);
    assert.match(
      await ok("auth", "reconcile", "-f", file),
      /role.rbac.authorization.k8s.io\/reader reconciled/,
    );
    assert.equal(
      await ok("auth", "can-i", "get", "events", "-n", "team", "--as=x", "--as-group=devs"),
      "yes\n",
    );
    await ok("create", "rolebinding", "editor", "-n", "team", "--clusterrole=admin", "--user=adam");
    assert.match(
      await refused(
        "create",
        "clusterrolebinding",
        "adam",
        "--clusterrole=cluster-admin",
        "--user=adam",
        "--as=adam",
      ),
      /cannot create resource "clusterrolebindings"/,
    );
    const all = ["create", "role", "all", "-n", "team", "--verb=*", "--resource=nodes", "--as=adam"];
    assert.match(
      await refused(...all),
      /user "adam" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["nodes"\], Verbs:\["\*"\]\}/,
    );
  });

  /** Asks for a certificate of jane, who is a dev. */
  async function requested(name: string): Promise<{ readonly key: string }> {
    const { key, request } = makeSigningRequest("jane", ["devs"]);
    await applied(`
kind: CertificateSigningRequest
apiVersion: certificates.k8s.io/v1
metadata: {name: ${name}}
spec:
  request: ${Buffer.from(request).toString("base64")}
  signerName: kubernetes.io/kube-apiserver-client
  expirationSeconds: 3600
  usages: [client auth]
`);
    return { key };
  }

  async function decide(name: string, type: string): Promise<void> {
    const { client } = cluster;
    const { certificatesigningrequests } = resourceTypes;
    const request = await client.get<CertificateSigningRequest>(certificatesigningrequests, undefined, name);
    const conditions = [{ type, status: "True", reason: "Test", message: "" }];
    const status = { ...request.status, conditions };
    await client.update<CertificateSigningRequest>(
      certificatesigningrequests,
      { ...request, status },
      "approval",
    );
  }

  interface Answer {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }

  function kubectl(...args: string[]): Promise<Answer> {
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfigPath, HOME: folder };
    return new Promise((resolve) => {
      execFile(kubectlPath, args, { env, timeout: 60_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
    });
  }

  async function ok(...args: string[]): Promise<string> {
    const { code, out, err } = await kubectl(...args);
    assert.equal(code, 0, err + out);
    return out;
  }

  async function refused(...args: string[]): Promise<string> {
    const { code, err } = await kubectl(...args);
    assert.notEqual(code, 0);
    return err.trim();
  }

  async function write(yaml: string): Promise<string> {
    const path = join(folder, `${Math.random()}.yaml`);
    await writeFile(path, yaml);
    return path;
  }

  async function applied(yaml: string): Promise<void> {
    await ok("apply", "-f", await write(yaml));
  }

  /** Arguments by which kubectl asks with these credentials, and no others. */
  async function asUser(credentials: string): Promise<string[]> {
    const path = await write(`
kind: Config
apiVersion: v1
clusters: [{name: c, cluster: {server: "${cluster.apiUrl}", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {${credentials}}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`);
    return ["--kubeconfig", path];
  }
});
