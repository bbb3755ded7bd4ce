/**
 * Writes src/protobuf/messages.generated.json, and samples for the tests, out of Kubernetes' own Go types. It needs Go.
 *
 * usage: node packages/kube/scripts/generate-protobuf.ts
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { apiVersionsOf } from "../src/kinds/kind.ts";
import { servedKinds } from "../src/kinds/kinds.ts";
import type { MessageFile } from "../src/protobuf/message-table.ts";

/** What the program in Go prints. */
interface Printed extends MessageFile {
  readonly samples: Readonly<Record<string, unknown>>;
}

const apiVersions = new Set([
  ...servedKinds.flatMap((kind) => apiVersionsOf(kind)),
  "authentication.k8s.io/v1",
  "authorization.k8s.io/v1",
  "meta.k8s.io/v1",
  "metrics.k8s.io/v1beta1",
]);
const go = spawnSync("go", ["run", ".", ...apiVersions], {
  cwd: fileURLToPath(new URL("protobuf", import.meta.url)),
  encoding: "utf8",
  maxBuffer: 2 ** 30,
});
if (go.status !== 0) throw new Error(go.stderr);
const { kinds, messages, samples } = JSON.parse(go.stdout) as Printed;
const folder = new URL("../src/protobuf/", import.meta.url);
writeFileSync(
  new URL("messages.generated.json", folder),
  `{\n"kinds":${lines(kinds)},\n"messages":${lines(messages)}\n}\n`,
);
writeFileSync(new URL("testing/samples.generated.json.gz", folder), gzipSync(lines(samples), { level: 9 }));

/** One entry a line, so that a diff shows what changed. */
function lines(entries: Readonly<Record<string, unknown>>): string {
  const texts = Object.keys(entries)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(entries[name])}`);
  return `{\n${texts.join(",\n")}\n}`;
}
