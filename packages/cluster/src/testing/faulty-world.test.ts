import assert from "node:assert/strict";
import { test } from "node:test";
import { runWorld } from "./faulty-world.ts";

// `node bench/world-seeds.ts` runs thousands, and longer ones.
const steps = 5;

for (let seed = 1; seed <= 50; seed += 1) {
  test(`with faults, followers are told the truth, and the cluster comes to rest as wanted (seed ${seed})`, async () => {
    const { faults } = await runWorld({ seed, faults: true, steps });
    assert.ok(faults.size > 0, "something failed");
  });
}

test("the end is the same without faults, and a seed always goes the same way", async () => {
  const calm = await runWorld({ seed: 7, faults: false, steps });
  const [first, second] = [
    await runWorld({ seed: 7, faults: true, steps }),
    await runWorld({ seed: 7, faults: true, steps }),
  ];
  assert.deepEqual(first.end, calm.end);
  assert.equal(calm.faults.size, 0);
  assert.deepEqual(second, first);
});
