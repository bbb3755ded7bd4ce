import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { selfSigned } from "@seaworthy/certificates";
import { schemes } from "../testing/drain-app.ts";
import { drainCases } from "../testing/drain-cases.ts";
import { killAfterMs, runDrainCase } from "../testing/run-drain-case.ts";

const folder = mkdtempSync(join(tmpdir(), "seaworthy-drain-"));
after(() => rmSync(folder, { recursive: true }));
const { key, cert } = selfSigned();
const keys = { keyFile: join(folder, "tls.key"), certFile: join(folder, "tls.crt"), ca: cert };
writeFileSync(keys.keyFile, key);
writeFileSync(keys.certFile, cert);

const candidate = {
  file: fileURLToPath(new URL("../testing/drain-server.ts", import.meta.url)),
  env: { DRAIN_MS: "600", QUIET_MS: "200", GRACE_MS: "5000", HOOKS_MS: "0", FLUSH_MS: "500" },
};

// A case mostly waits, and has a server of its own.
describe("drains without a loss", { concurrency: 4 }, () => {
  for (const name of Object.keys(drainCases)) {
    for (const scheme of schemes) {
      test(`${scheme}, ${name}`, async () => {
        const outcome = await runDrainCase(candidate, scheme, name, keys);
        assert.deepEqual(outcome.lost, []);
        assert.equal(outcome.exitCode, 0);
        assert.ok(outcome.exitedAfterMs < killAfterMs, "it ended by itself, within its budget");
        const { report } = outcome;
        assert.equal(report?.reason, "SIGTERM");
        assert.equal(report.exitCode, 0);
        assert.deepEqual(report.cut, { requests: 0, examples: [], heads: 0, upgraded: 0 });
        assert.deepEqual(report.hooks, []);
        assert.ok(report.tookMs <= 5_000);
        // Requests that began before the signal are not counted; those that began after it are, and were answered.
        assert.ok(report.servedWhileDraining <= outcome.asked);
        if (name === "keep-alive" || name === "new connections") assert.ok(report.servedWhileDraining > 0);
        if (name === "half-sent head") assert.equal(report.servedWhileDraining, 1);
      });
    }
  }
});
