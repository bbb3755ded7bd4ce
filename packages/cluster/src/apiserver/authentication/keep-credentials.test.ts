import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { keepCredentials } from "./keep-credentials.ts";

const folder = mkdtempSync(join(tmpdir(), "keep-credentials-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const dayMs = 86_400_000;

test("credentials are made once, closed to others, and made anew when they have expired", () => {
  const file = join(folder, "credentials.json");
  const now = Date.now();
  const first = keepCredentials(file, now);
  const again = keepCredentials(file, now + 300 * dayMs);
  assert.equal(again.authority.cert, first.authority.cert);
  assert.ok(again.accepts(first.token));
  assert.ok(again.tokenKey.equals(first.tokenKey));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const later = keepCredentials(file, now + 400 * dayMs);
  assert.notEqual(later.authority.cert, first.authority.cert);
  assert.equal(keepCredentials(file, now + 401 * dayMs).token, later.token);
});

test("a file that holds something else is refused, and left as it is", () => {
  const file = join(folder, "damaged.json");
  for (const text of [
    "",
    "{",
    "null",
    '{"token":1}',
    '{"authority":{"cert":"x"},"server":{},"administrator":{},"token":""}',
  ]) {
    writeFileSync(file, text);
    assert.throws(() => keepCredentials(file, Date.now()), { code: "SW2007" });
    assert.equal(readFileSync(file, "utf8"), text);
  }
});
