import assert from "node:assert/strict";
import { test } from "node:test";
import { createKubeletVolume } from "../../../../packages/service/src/config/testing/kubelet-volume.ts";
import { runServerProcess, type ServerProcess, startServerProcess } from "../testing/server-process.ts";

interface Folder {
  readonly generation: number;
  readonly lastError?: string;
  readonly files: readonly { readonly name: string; readonly content?: string }[];
}

/** A ConfigMap with settings. JSON is YAML, too. */
function configMap(settings: object): Record<string, string> {
  return { "config.yaml": JSON.stringify(settings) };
}

async function bodyAt(server: ServerProcess, path: string, method = "GET"): Promise<string> {
  return await (await fetch(server.origin + path, { method })).text();
}

async function foldersOf(server: ServerProcess): Promise<readonly Folder[]> {
  return (JSON.parse(await bodyAt(server, "/configs")) as { folders: readonly Folder[] }).folders;
}

/** Waits until a configuration is in use; the first one has the number 1. */
async function isLoaded(server: ServerProcess, number: number): Promise<void> {
  await server.logged(({ msg, generation }) => msg === "configuration loaded" && generation === number);
}

test("routes, log level and delay of a new ConfigMap take effect, and the rest is said to wait", async () => {
  using volume = createKubeletVolume(configMap({ routes: { "/route1": "one" } }));
  await using server = await startServerProcess({ CONFIG: volume.path });
  assert.equal(await bodyAt(server, "/route1"), "Hello, You are at /route1, Got: one");
  assert.equal(await bodyAt(server, "/route2"), "GET /route2\n");
  await server.logged(({ msg, path }) => msg === "request" && path === "/route2");

  volume.write(configMap({ routes: { "/route2": "two" }, delay: 300, logLevel: "warn", version: "2" }));
  const { settings } = await server.logged(
    ({ msg }) => msg === "changes of these settings wait for a restart",
  );
  assert.deepEqual(settings, ["version"]);
  const startMs = performance.now();
  assert.equal(await bodyAt(server, "/route2"), "Hello, You are at /route2, Got: two");
  assert.ok(performance.now() - startMs > 290, "it was not delayed");
  assert.equal(await bodyAt(server, "/route1"), "GET /route1\n");
  const metrics = await bodyAt(server, "/metrics");
  for (const route of ["/route1", "/route2", "/*"])
    assert.ok(metrics.includes(`http_route="${route}"`), `no series of ${route}`);

  server.kill("SIGTERM");
  assert.equal(await server.exited, 0);
  assert.equal(server.lines.filter(({ msg }) => msg === "request").length, 2);
});

test("a broken ConfigMap leaves the last good one, and log and /configs say so", async () => {
  using volume = createKubeletVolume(configMap({ routes: { "/route1": "one" }, delay: 1 }));
  await using server = await startServerProcess({ CONFIG: volume.path });
  const broken = [
    [configMap({ routes: { "/route1": "two" }, delay: "soon" }), /delay cannot be "soon"/],
    [configMap({ routes: { "/route1": "two" }, rotues: {} }), /unknown setting rotues at config\.yaml:1/],
    [{ "config.yaml": "routes: {" }, /config\.yaml:1 is not good YAML or JSON/],
  ] as const;
  for (const [files, reason] of broken) {
    volume.write(files);
    const { msg } = await server.logged(({ code, error }) => code === "SW8004" && reason.test(String(error)));
    assert.equal(msg, "the configuration cannot be used, the last good one stays");
    assert.equal(await bodyAt(server, "/route1"), "Hello, You are at /route1, Got: one");
    const [folder] = await foldersOf(server);
    assert.equal(folder?.generation, 1);
    assert.match(folder.lastError ?? "", reason);
  }
  volume.write(configMap({ routes: { "/route1": "three" } }));
  await isLoaded(server, 2);
  assert.equal(await bodyAt(server, "/route1"), "Hello, You are at /route1, Got: three");
  assert.equal((await foldersOf(server))[0]?.lastError, undefined);
});

test("what an administrator has set stays until the configuration says something new of it", async () => {
  const faults = [{ path: "/broken", errorPercent: 100, errorStatuses: [501] }];
  using volume = createKubeletVolume(configMap({ faults }));
  await using server = await startServerProcess({ CONFIG: volume.path, ADMIN: "true" });
  const rulesAt = async (method: string): Promise<unknown> => {
    const rules = [{ path: "/slow", delay: 1 }];
    const body = method === "PUT" ? { body: JSON.stringify({ rules }) } : {};
    const answer = await fetch(`${server.origin}/faults`, { method, ...body });
    return ((await answer.json()) as { rules: unknown }).rules;
  };
  assert.deepEqual(await rulesAt("GET"), faults);
  const set = await rulesAt("PUT");
  volume.write(configMap({ faults, routes: { "/route1": "one" } }));
  await isLoaded(server, 2);
  assert.deepEqual(await rulesAt("GET"), set);
  volume.write(configMap({ faults: [], delay: "0..1" }));
  await isLoaded(server, 3);
  assert.deepEqual(await rulesAt("GET"), [{ delay: "0..1" }]);
});

test("/configs shows a ConfigMap whole, and of secrets, wherever they stand, names only", async () => {
  const secret = "correct horse battery staple 42";
  using secrets = createKubeletVolume({ password: secret });
  using volume = createKubeletVolume({ ...configMap({ logLevel: "info" }), "notes.txt": "hello" });
  await using server = await startServerProcess({ CONFIG: volume.path, SECRET_DIR: secrets.path });
  const [config, mounted] = await foldersOf(server);
  assert.deepEqual(
    config?.files.map(({ name, content }) => [name, content]),
    [
      ["config.yaml", '{"logLevel":"info"}'],
      ["notes.txt", "hello"],
    ],
  );
  assert.deepEqual(mounted?.files, [{ name: "password" }]);
  volume.write(configMap({ logLevel: "info", adminToken: secret }));
  await isLoaded(server, 2);
  assert.deepEqual((await foldersOf(server))[0]?.files, [{ name: "config.yaml" }]);
  server.kill("SIGTERM");
  await server.exited;
  assert.ok(!JSON.stringify(server.lines).includes(secret));
});

test("a configuration that is not there is said at the start, and it exits 2", () => {
  const { status, stderr } = runServerProcess(["--config", "/nowhere"]);
  assert.equal(status, 2);
  assert.match(stderr, /^error\[SW8003\]: the configuration cannot be read: ENOENT/);
});
