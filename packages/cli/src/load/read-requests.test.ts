import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readRequests } from "./read-requests.ts";

const url = "http://127.0.0.1:8080";

async function folderWith(context: TestContext, settings: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "mix.yaml"), settings);
  return folder;
}

const sourceIn = (cwd: string) => ({
  cwd,
  stdin: process.stdin,
  signal: new AbortController().signal,
  onNotice: () => undefined,
});

const refused = (code: string, message: RegExp) => (error: unknown) => {
  assert.equal((error as { code?: string }).code, code);
  assert.match((error as Error).message, message);
  return true;
};

test("a mix is read as the settings of a trial are, and its headers stand before those of the flags", async (context) => {
  const cwd = await folderWith(
    context,
    `trial:
  requests:
    - { path: "/orders?page=2", weight: 3 }
    - { method: post, path: /orders, headers: { Accept: text/plain }, body: { sku: 7 }, expect: 201 }
`,
  );
  const flags = { mix: "mix.yaml", header: ["accept: */*", "x-user: 7"] };
  assert.deepEqual(await readRequests([url], flags, sourceIn(cwd)), [
    {
      method: "GET",
      path: "/orders?page=2",
      headers: [
        ["accept", "*/*"],
        ["x-user", "7"],
      ],
      weight: 3,
    },
    {
      method: "POST",
      path: "/orders",
      headers: [
        ["x-user", "7"],
        ["Accept", "text/plain"],
        ["content-type", "application/json"],
      ],
      body: '{"sku":7}',
      weight: 1,
      status: [[201, 201]],
    },
  ]);
});

test("a mix that is not there, says nothing or is wrong is told of, and so is a URL with a path beside it", async (context) => {
  const cwd = await folderWith(context, "trial: { rate: 100 }\n");
  const mix = "mix.yaml";
  await assert.rejects(
    readRequests([url], { mix: "no.yaml" }, sourceIn(cwd)),
    refused("SW1003", /no\.yaml is not there/),
  );
  await assert.rejects(
    readRequests([url], { mix }, sourceIn(cwd)),
    refused("SW1110", /mix\.yaml has no trial\.requests/),
  );
  await assert.rejects(
    readRequests([`${url}/cart?x`], { mix }, sourceIn(cwd)),
    refused("SW1002", /the path \/cart\?x/),
  );
  await writeFile(join(cwd, mix), "trial: { requests: [{ path: orders }] }\n");
  await assert.rejects(
    readRequests([`${url}/`], { mix }, sourceIn(cwd)),
    refused("SW1105", /must begin with \//),
  );
});
