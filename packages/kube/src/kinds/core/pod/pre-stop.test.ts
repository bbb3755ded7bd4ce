import assert from "node:assert/strict";
import { test } from "node:test";
import { preStopOf } from "./pre-stop.ts";

const exec = (...command: string[]) => preStopOf({ lifecycle: { preStop: { exec: { command } } } });

test("how long a preStop hook waits, and when it ends the app, as far as a manifest says", () => {
  assert.equal(preStopOf({}), undefined);
  assert.deepEqual(preStopOf({ lifecycle: { preStop: { sleep: { seconds: 7 } } } }), {
    kind: "sleep",
    seconds: 7,
    stopsAppAfter: undefined,
  });
  assert.equal(exec("/bin/sh", "-c", "sleep 1m && sleep 2.5")?.seconds, 62.5);
  assert.equal(exec("drain")?.seconds, undefined);
  assert.equal(exec("drain")?.stopsAppAfter, undefined);
  assert.equal(exec("nginx", "-s", "quit")?.stopsAppAfter, 0);
  assert.equal(exec("sh", "-c", "sleep 5; nginx -s quit")?.stopsAppAfter, 5);
  assert.equal(exec("sh", "-c", "while killall -q app; do sleep 1; done")?.stopsAppAfter, 0);
});
