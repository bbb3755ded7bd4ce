import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";
import { exampleApp, listen } from "../testing/example-app.ts";

test("/delay answers when the time is over, and not before", async (t) => {
  const app = exampleApp(t);
  const started = performance.now();
  const answer = await app.inject("/delay/0.2");
  assert.ok(performance.now() - started >= 195);
  assert.deepEqual(answer.json(), { delay: 0.2 });
});

for (const seconds of ["61", "60.1", "-1", "1e1", "Infinity", "NaN", "0x10", "", "1.2345", "%20"]) {
  test(`a delay of "${seconds}" seconds is refused`, async (t) => {
    const app = exampleApp(t);
    assert.equal((await app.inject(`/delay/${seconds}`)).statusCode, 400);
    assert.equal((await app.inject(`/chunked/${seconds}`)).statusCode, 400);
  });
}

test("a delay ends when its client goes away", async (t) => {
  const app = exampleApp(t);
  const origin = await listen(app);
  const before = countTimers();
  const request = get(`${origin}/delay/60`, { agent: false }).on("error", () => undefined);
  const [, response] = (await once(app.server, "request")) as [IncomingMessage, ServerResponse];
  assert.equal(countTimers(), before + 1);
  const gone = once(response, "close");
  request.destroy();
  await gone;
  assert.equal(countTimers(), before);
});

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("/chunked streams over the time that is asked for", async (t) => {
  const origin = await listen(exampleApp(t));
  const request = get(`${origin}/chunked/0.3`, { agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  assert.equal(answer.headers["transfer-encoding"], "chunked");
  const started = performance.now();
  const lines: unknown[] = [];
  for await (const chunk of answer.setEncoding("utf8")) lines.push(JSON.parse(String(chunk)));
  assert.deepEqual(lines[0], { chunk: 1, of: 10 });
  assert.equal(lines.length, 10);
  assert.ok(performance.now() - started >= 250);
  assert.equal((await exampleApp(t).inject({ method: "HEAD", url: "/chunked/60" })).body, "");
});
