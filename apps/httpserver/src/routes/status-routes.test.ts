import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleApp } from "../testing/example-app.ts";

test("/status answers with the status that is asked for", async (t) => {
  const app = exampleApp(t);
  for (const status of [200, 299, 301, 404, 418, 500, 503, 599]) {
    const answer = await app.inject(`/status/${status}`);
    assert.equal(answer.statusCode, status);
    assert.equal(answer.json<{ status: number }>().status, status);
  }
  for (const status of [204, 205, 304]) {
    const answer = await app.inject(`/status/${status}`);
    assert.equal(answer.statusCode, status);
    assert.equal(answer.body, "");
  }
});

for (const code of ["100", "101", "199", "600", "99", "2000", "2e2", "-200", "abc", "200.5", "%20200"]) {
  test(`a status of ${code} is refused`, async (t) => {
    assert.equal((await exampleApp(t).inject(`/status/${code}`)).statusCode, 400);
  });
}
