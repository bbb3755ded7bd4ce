import assert from "node:assert/strict";
import { test } from "node:test";
import { lockFor } from "./lock-for.ts";

test("a lock has what packages of a workspace need, where it will be looked for", () => {
  const locked = {
    "node_modules/@seaworthy/errors": { link: true, resolved: "packages/errors" },
    "node_modules/log": { dev: true, dependencies: { redact: "^1.0.0" } },
    "node_modules/log/node_modules/redact": {},
    "node_modules/redact": {},
    "node_modules/unused": {},
    "packages/errors": { dependencies: { own: "1.0.0" } },
    "packages/errors/node_modules/own": {},
    "packages/service": { dependencies: { "@seaworthy/errors": "0.1.0", log: "1.0.0" } },
  };
  assert.deepEqual(lockFor(["packages/service"], locked), {
    lockfileVersion: 3,
    packages: {
      "node_modules/@seaworthy/errors/node_modules/own": {},
      "node_modules/log": { dependencies: { redact: "^1.0.0" } },
      "node_modules/log/node_modules/redact": {},
    },
  });
});
