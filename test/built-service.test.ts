import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const built = new URL("../packages/service/dist/index.js", import.meta.url).href;

// In a process of its own, because a service ends the process that it is in.
const program = `
import { createServer } from "node:http";
import { createService } from ${JSON.stringify(built)};
const service = createService({ healthThreadPort: 0, quietMs: 0, drainMs: 0 });
const server = createServer((_request, response) => response.end("hello"));
service.attach(server);
server.listen(0, "127.0.0.1", async () => {
  const url = "http://127.0.0.1:" + server.address().port;
  while ((await fetch(url + "/readyz")).status !== 200);
  const texts = [await (await fetch(url)).text(), await (await fetch(url + "/metrics")).text()];
  process.send(texts);
});
`;

test("the library works as it is published: built into a few files", { timeout: 60_000 }, async () => {
  const script = fileURLToPath(new URL("../scripts/build-service.ts", import.meta.url));
  const [code] = (await once(spawn(process.execPath, [script], { stdio: "inherit" }), "exit")) as [number];
  assert.equal(code, 0);
  const service = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [texts] = (await once(service, "message")) as [readonly string[]];
  assert.equal(texts[0], "hello");
  assert.match(texts[1] ?? "", /http_server_request_duration_seconds_count\{.*\} 1/);
  service.kill("SIGTERM");
  assert.deepEqual(await once(service, "exit"), [0, null]);
});
