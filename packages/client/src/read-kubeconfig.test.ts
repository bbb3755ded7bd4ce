import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { readKubeconfig } from "./read-kubeconfig.ts";

function kubeconfig(user: string, cluster = "server: https://10.0.0.1:6443"): string {
  return `
apiVersion: v1
kind: Config
current-context: one
clusters: [{name: c, cluster: {${cluster}}}]
users: [{name: u, user: {${user}}}]
contexts:
  - {name: one, context: {cluster: c, user: u, namespace: team}}
  - {name: two, context: {cluster: missing, user: u}}
`;
}

async function temporaryFolder(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-kubeconfig-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function problem(text: string, context?: string): Promise<SeaworthyError> {
  const error = await readKubeconfig({ text }, context).then(
    () => assert.fail("it was accepted"),
    (error: unknown) => error,
  );
  assert.ok(error instanceof SeaworthyError);
  assert.equal(error.code, "SW1005");
  return error;
}

test("reads the current context with inline data", async () => {
  const data = (text: string) => Buffer.from(text).toString("base64");
  const connection = await readKubeconfig({
    text: kubeconfig(
      `client-certificate-data: ${data("CERT")}, client-key-data: ${data("KEY")}`,
      `server: "https://h:1", certificate-authority-data: ${data("CA")}, tls-server-name: other`,
    ),
  });
  assert.deepEqual(connection, {
    context: "one",
    namespace: "team",
    server: "https://h:1",
    insecure: false,
    ca: "CA",
    serverName: "other",
    cert: "CERT",
    key: "KEY",
  });
});

test("reads files beside the kubeconfig, and a token file anew each time", async () => {
  const text = kubeconfig("tokenFile: token", 'server: "https://h:1", certificate-authority: ca.pem');
  await using files = await temporaryFolder({ config: text, "ca.pem": "CA", token: "first\n" });
  const connection = await readKubeconfig({ file: join(files.folder, "config") });
  assert.equal(connection.ca, "CA");
  assert.ok(typeof connection.token === "function");
  assert.equal(await connection.token(), "first");
  await writeFile(join(files.folder, "token"), "second");
  assert.equal(await connection.token(), "second");
});

test("asks a credential plugin, and again when its token has expired", async () => {
  const script = `
    const { existsSync, writeFileSync } = require("node:fs");
    const again = existsSync(process.argv[2]);
    writeFileSync(process.argv[2], "");
    const expirationTimestamp = again ? "2999-01-01T00:00:00Z" : "2000-01-01T00:00:00Z";
    console.log(JSON.stringify({ status: { token: again ? "fresh" : "stale", expirationTimestamp } }));
  `;
  await using files = await temporaryFolder({ "plugin.cjs": script });
  const args = JSON.stringify([join(files.folder, "plugin.cjs"), join(files.folder, "asked")]);
  const exec = `exec: {command: ${JSON.stringify(process.execPath)}, args: ${args}}`;
  const { token } = await readKubeconfig({ text: kubeconfig(exec) });
  assert.ok(typeof token === "function");
  assert.equal(await token(), "fresh");
});

test("says what is missing", async () => {
  assert.match((await problem("a: [")).message, /not YAML/);
  assert.match((await problem("kind: Config")).message, /no current context/);
  assert.match((await problem(kubeconfig("token: t"), "three")).message, /no context "three"/);
  assert.deepEqual((await problem(kubeconfig("token: t"), "three")).details.next, ["it has: one, two"]);
  assert.match((await problem(kubeconfig("token: t"), "two")).message, /no cluster "missing"/);
  assert.match((await problem(kubeconfig("username: a, password: b"))).message, /neither token/);
});
