import assert from "node:assert/strict";
import { test } from "node:test";
import { runWorld } from "./faulty-world.ts";

for (let seed = 1; seed <= 12; seed += 1) {
  test(`seed ${seed}`, async () => {
    const calm = await runWorld({ seed, faults: false });
    const faulty = await runWorld({ seed, faults: true });
    assert.deepEqual(faulty.end, calm.end);
  });
}
