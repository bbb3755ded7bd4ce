import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { systemClock } from "./clock.ts";

test("a wait of more than 24 days takes as long as it says, and may be called off", (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
  const dayMs = 86_400_000;
  let called = 0;
  systemClock.after(60 * dayMs, () => (called += 1));
  const cancel = systemClock.after(70 * dayMs, () => (called += 10));
  for (let day = 0; day < 59; day += 1) mock.timers.tick(dayMs);
  assert.equal(called, 0);
  mock.timers.tick(dayMs);
  assert.equal(called, 1);
  cancel();
  for (let day = 0; day < 20; day += 1) mock.timers.tick(dayMs);
  assert.equal(called, 1);
});
