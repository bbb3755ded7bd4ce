import assert from "node:assert/strict";
import { test } from "node:test";
import { needsRestart } from "./needs-restart.ts";

test("a container is started anew for those resources whose policy says so, if they are others", () => {
  const container = (cpu: string, memory: string) => ({
    name: "app",
    resources: { requests: { cpu, memory } },
    resizePolicy: [
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "memory", restartPolicy: "RestartContainer" },
    ],
  });
  const { resources } = container("1", "1Gi");
  assert.equal(needsRestart(container("2", "1Gi"), resources), false);
  assert.equal(needsRestart(container("1", "1024Mi"), resources), false);
  assert.equal(needsRestart(container("1", "2Gi"), resources), true);
  assert.equal(needsRestart(container("1", "1Gi"), {}), true);
});
