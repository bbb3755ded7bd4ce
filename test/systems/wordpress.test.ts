import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { waitForRollout } from "@seaworthy/release";
import { resourceTypes, type Deployment, type KubeObject, type Pod } from "@seaworthy/kube";
import { ask, until, type Asking, type HttpAnswer } from "./ask.ts";
import { noPodNetwork, startUp, type System } from "./start-up.ts";
import { tlsSecret } from "./tls-secret.ts";

/** Where Debian's packages were unpacked; absent where they are installed. */
const root = process.env["WORDPRESS_ROOT"] ?? "";
const isThere = ["usr/sbin/apache2", "usr/sbin/mariadbd", "usr/share/wordpress"].every((path) =>
  existsSync(join(root, "/", path)),
);
// Apache gives its work to www-data, which only root can.
const isRoot = process.getuid?.() === 0;
const skip =
  noPodNetwork ||
  (isThere ? false : "no WordPress, Apache and MariaDB installed or in the folder WORDPRESS_ROOT") ||
  (isRoot ? false : "Apache has to be started by root");

const host = "wordpress.localhost";
const login = { name: "captain", password: "a-long-way-to-sea" };
const { deployments, horizontalpodautoscalers, pods } = resourceTypes;

describe("WordPress with its database", { skip, timeout: 600_000 }, () => {
  const resources = new AsyncDisposableStack();
  let words: readonly string[];
  let ca: string;
  let system: System;

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), "wordpress-"));
    resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    const made = tlsSecret(host, { name: "wordpress-tls", namespace: "default" });
    ca = made.ca;
    const tls = join(folder, "tls.json");
    await writeFile(tls, JSON.stringify(made.secret));
    // Its settings come first, so these count: the programs are where they are found here.
    const scripts = join(import.meta.dirname, "../../examples/wordpress/run");
    const run = {
      "docker.io/library/mariadb": `sh ${scripts}/mariadb.sh ${root}`,
      "docker.io/library/wordpress": {
        command: `sh ${scripts}/wordpress.sh ${root}`,
        stopSignal: "SIGWINCH",
      },
    };
    await writeFile(join(folder, "seaworthy.yaml"), JSON.stringify({ run }));
    words = [tls, "examples/wordpress", "--data-dir", join(folder, "data"), "--timeout", "120"];
    system = await startUp(...words);
  });
  after(async () => {
    await system?.[Symbol.asyncDispose]();
    await resources.disposeAsync();
  });

  const request = (path: string, asking: Asking = {}): Promise<HttpAnswer> =>
    ask(`https://127.0.0.1:${system.tlsPort}${path}`, {
      ca,
      ...asking,
      headers: { host, ...asking.headers },
    });

  test("it is installed by its form, and a post is written", async () => {
    assert.equal((await request("/")).headers["location"], `https://${host}/wp-admin/install.php`);
    const form = new URLSearchParams({
      weblog_title: "Log of a ship",
      user_name: login.name,
      admin_password: login.password,
      admin_password2: login.password,
      pw_weak: "on",
      admin_email: "captain@ship.example",
      language: "",
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const installed = await request("/wp-admin/install.php?step=2", {
      method: "POST",
      headers,
      body: form.toString(),
    });
    assert.match(installed.text, /WordPress has been installed/);
    const call = rpc("metaWeblog.newPost", ["1", login.name, login.password, "First day at sea"]);
    const posted = await request("/xmlrpc.php", {
      method: "POST",
      headers: { "content-type": "text/xml" },
      body: call,
    });
    assert.match(posted.text, /<string>\d+<\/string>/);
    assert.match((await request("/")).text, /First day at sea/);
  });

  test("the post is there after all pods were replaced", async () => {
    const before = await uids();
    const restartedAt = { "kubectl.kubernetes.io/restartedAt": "now" };
    const patch = { spec: { template: { metadata: { annotations: restartedAt } } } };
    await system.client.patch(deployments, "default", "wordpress", "strategic", patch);
    const target = { kind: "Deployment", namespace: "default", name: "wordpress" } as const;
    await waitForRollout(system.client, target, { timeoutMs: 120_000, signal: AbortSignal.timeout(300_000) });
    const now = await uids();
    assert.deepEqual(
      now.filter((uid) => before.includes(uid)),
      [],
    );
    assert.match((await request("/")).text, /First day at sea/);
  });

  test("the post is there after the cluster was killed and started again", async () => {
    await system.kill();
    system = await startUp(...words);
    assert.match((await request("/")).text, /First day at sea/);
  });

  test("load makes more pods of it, and its end makes them fewer again", async () => {
    const quick = { spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } };
    await system.client.patch(horizontalpodautoscalers, "default", "wordpress", "merge", quick);
    const replicas = async () =>
      (await system.client.get<Deployment>(deployments, "default", "wordpress")).spec.replicas;
    const loaded = new AbortController();
    const clients = Array.from({ length: 4 }, async () => {
      while (!loaded.signal.aborted) await request("/");
    });
    await until(async () => ((await replicas()) === 6 ? true : undefined), 180_000);
    loaded.abort();
    await Promise.all(clients);
    await until(async () => ((await replicas()) === 3 ? true : undefined), 180_000);
  });

  async function uids(): Promise<(string | undefined)[]> {
    const { items } = await system.client.list<Pod>(pods, { labelSelector: "app=wordpress" });
    return items.filter(isReadyNow).map(({ metadata }) => metadata.uid);
  }
});

function isReadyNow({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

/** A call of XML-RPC that makes a post, public at once. */
function rpc(method: string, [blog, user, password, title]: readonly string[]): string {
  const text = (value = "") => `<param><value><string>${value}</string></value></param>`;
  const post = `<param><value><struct><member><name>title</name><value><string>${title}</string></value></member></struct></value></param>`;
  const publish = "<param><value><boolean>1</boolean></value></param>";
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${[blog, user, password].map(text).join("")}${post}${publish}</params></methodCall>`;
}
