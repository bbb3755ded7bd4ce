import assert from "node:assert/strict";
import { test } from "node:test";
import { provenanceOf } from "../../scripts/packages/provenance.ts";

test("a release names its tarballs by digest, and its commit", () => {
  const statement = provenanceOf({
    tarballs: [{ file: "seaworthy-0.1.0.tgz", sha512: "ab" }],
    commit: "c0ffee",
    node: "v24.21.0",
    finishedOn: "2026-11-29T00:00:00.000Z",
  }) as {
    subject: object[];
    predicate: { buildDefinition: { resolvedDependencies: { digest: object }[] } };
  };
  assert.deepEqual(statement.subject, [{ name: "seaworthy-0.1.0.tgz", digest: { sha512: "ab" } }]);
  assert.deepEqual(statement.predicate.buildDefinition.resolvedDependencies[0]?.digest, {
    gitCommit: "c0ffee",
  });
});
