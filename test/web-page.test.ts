import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { resourceTypes } from "@seaworthy/kube";

/** The browser to test with: CHROMIUM, or the one in PATH. */
const chromium = process.env["CHROMIUM"] ?? "chromium";
const skip =
  spawnSync(chromium, ["--version"]).status === 0
    ? false
    : "no Chromium in PATH or named by CHROMIUM: packages/cluster/src/apiserver/http tests the same requests without one";

/** What a page of a stranger can try without the user's doing, each with a name of its own. */
const attacks = (api: string, port: string): string => `
  const pod = name => JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name },
    spec: { containers: [{ name: "c", image: "shop", command: ["sh", "-c", "id"] }] } });
  const pods = "/api/v1/namespaces/default/pods";
  const outcome = {};
  const post = (name, url, options) => fetch(url, { method: "POST", body: pod(name), ...options })
    .then(async answer => outcome[name] = answer.type + " " + answer.status + " " + (await answer.text()).length)
    .catch(error => outcome[name] = String(error));
  const load = (name, element, url) => new Promise(resolve => {
    element.onload = element.onerror = event => resolve(outcome[name] = event.type);
    element.src = url;
    document.body.append(element);
  });
  const socket = url => new Promise(resolve => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(outcome.socket = "open");
    socket.onerror = () => resolve(outcome.socket = "error");
  });
  const form = () => new Promise(resolve => {
    document.body.insertAdjacentHTML("beforeend", "<iframe name=f></iframe><form target=f method=post enctype=text/plain action=" + "${api}" + pods + "><input name=x></form>");
    const [frame] = document.getElementsByName("f");
    document.forms[0].x.name = pod("form").slice(0, -1) + ',"x":"';
    document.forms[0].x.value = '"}';
    frame.onload = () => resolve(outcome.form = "sent");
    document.forms[0].submit();
  });
  await Promise.all([
    post("text", "${api}" + pods, { mode: "no-cors", headers: { "content-type": "text/plain" } }),
    post("untyped", "${api}" + pods, { mode: "no-cors", body: new Blob([pod("untyped")]) }),
    post("json", "${api}" + pods, { headers: { "content-type": "application/json" }, credentials: "include" }),
    post("rebound", "https://rebound.example:${port}" + pods, { mode: "no-cors" }),
    fetch("${api}/api/v1/secrets").then(() => outcome.read = "read").catch(error => outcome.read = String(error)),
    load("image", new Image(), "${api}/api/v1/secrets"),
    load("script", document.createElement("script"), "${api}/api/v1/secrets"),
    socket("${api.replace("https", "wss")}" + pods + "/p/exec?command=id"),
    form(),
  ]);
  await fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) });
`;

test(
  "a page in a real browser cannot run a program in the cluster or read from it",
  { skip, timeout: 120_000 },
  async () => {
    await using cluster = await Cluster.start({ profile: "instant", nodes: 1, run: { shop: "true" } });
    const { port } = new URL(cluster.apiUrl);
    const reported = Promise.withResolvers<Record<string, string>>();
    const evil = createServer((request, response) => {
      if (request.method !== "POST") {
        response.setHeader("content-type", "text/html");
        return void response.end(`<body><script type=module>${attacks(cluster.apiUrl, port)}</script>`);
      }
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        reported.resolve(JSON.parse(text) as Record<string, string>);
        response.end();
      });
    });
    evil.listen(0, "127.0.0.1");
    await once(evil, "listening");
    const profile = await mkdtemp(join(tmpdir(), "web-page-"));
    const url = `http://evil.example:${(evil.address() as AddressInfo).port}/`;
    const browser = spawn(
      chromium,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // The worst case: a user who has told the browser to trust the server.
        "--ignore-certificate-errors",
        "--host-resolver-rules=MAP *.example 127.0.0.1",
        `--user-data-dir=${profile}`,
        url,
      ],
      { stdio: "ignore" },
    );
    try {
      const outcome = await reported.promise;
      assert.equal(outcome["text"], "opaque 0 0");
      assert.equal(outcome["untyped"], "opaque 0 0");
      assert.match(outcome["json"] ?? "", /TypeError: Failed to fetch/);
      assert.match(outcome["read"] ?? "", /TypeError: Failed to fetch/);
      assert.deepEqual(
        [outcome["image"], outcome["script"], outcome["socket"], outcome["form"]],
        ["error", "error", "error", "sent"],
      );
      const connection = await readKubeconfig({ file: cluster.kubeconfigPath });
      const { items } = await createClient(httpTransport(connection)).list(resourceTypes.pods);
      assert.deepEqual(items, []);
    } finally {
      browser.kill("SIGKILL");
      await once(browser, "exit");
      evil.closeAllConnections();
      evil.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
