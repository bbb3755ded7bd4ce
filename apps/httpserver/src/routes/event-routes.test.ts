import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { test, type TestContext } from "node:test";
import Fastify from "fastify";
import { answerErrors } from "../answers/error-answers.ts";
import { listen } from "../testing/example-app.ts";
import { eventRoutes, type EventParts } from "./event-routes.ts";

async function origin(t: TestContext, parts: Partial<EventParts> = {}): Promise<string> {
  const app = Fastify({ forceCloseConnections: true });
  t.after(() => app.close());
  answerErrors(app, { error: () => undefined });
  eventRoutes(app, { version: "7", podName: "pod-a", requestsTotal: () => 0, intervalMs: 10, ...parts });
  return await listen(app);
}

async function listenTo(url: string): Promise<IncomingMessage> {
  const request = get(`${url}/events`, { agent: false });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return answer.setEncoding("utf8");
}

test("events tell who answers and the rate since the one before", async (t) => {
  let atMs = 0;
  let total = 100;
  const now = () => (atMs += 2_000);
  const answer = await listenTo(await origin(t, { now, requestsTotal: () => (total += 10) }));
  assert.equal(answer.headers["content-type"], "text/event-stream");
  let text = "";
  for await (const part of answer) {
    text += String(part);
    if (text.split("data: ").length > 2) break;
  }
  const data = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "") as unknown;
  assert.deepEqual(data, { version: "7", podName: "pod-a", requestsTotal: 120, requestsPerSecond: 5 });
});

test("a hundred clients may listen, the next is sent away, and one that goes makes room", async (t) => {
  const url = await origin(t);
  const answers = await Promise.all(Array.from({ length: 100 }, () => listenTo(url)));
  const refused = await listenTo(url);
  assert.equal(refused.statusCode, 503);
  assert.equal(refused.headers["retry-after"], "10");
  answers[0]?.destroy();
  let status: number | undefined;
  while (status !== 200) {
    const answer = await listenTo(url);
    status = answer.statusCode;
    answers.push(answer);
  }
  for (const answer of [...answers, refused]) answer.destroy();
});
