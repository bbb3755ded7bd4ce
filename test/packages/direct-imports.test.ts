import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleModules } from "../../scripts/packages/build-modules.ts";
import { importDirectly } from "../../scripts/packages/direct-imports.ts";

const homes = new Map([
  ["isToken", "/load/is-token.ts"],
  ["grpcCall", "/load/grpc-call.ts"],
  ["grpcCode", "/load/grpc-call.ts"],
]);
const direct = (text: string) => importDirectly(text, () => homes);

test("names are imported from where they are, and types from nowhere", () => {
  assert.equal(
    direct(`import { grpcCall, grpcCode, isToken as isWord, type Plan } from "@seaworthy/load";`),
    `import { grpcCall, grpcCode } from "/load/grpc-call.ts"; import { isToken as isWord } from "/load/is-token.ts";`,
  );
  assert.equal(
    direct(`import {\n  type Plan,\n  isToken,\n} from "@seaworthy/load";`).match(/from/g)?.length,
    1,
  );
  assert.equal(direct(`import { type Plan } from "@seaworthy/load";`), "");
});

test("what an index does not say is left to it", () => {
  for (const text of [
    `import { isToken, other } from "@seaworthy/load";`,
    `import * as load from "@seaworthy/load";`,
    `import { isToken } from "elsewhere";`,
    `const load = await import("@seaworthy/load");`,
  ])
    assert.equal(direct(text), text);
});

test("seaworthy check loads nothing that sends a request or starts a process", async () => {
  const { metafile } = await bundleModules({
    entryPoints: { main: "packages/cli/src/main.ts" },
    outdir: "dist",
    target: "node24",
    isProgram: true,
  });
  const ofCheck = Object.keys(metafile.outputs).filter(
    (file) => metafile.outputs[file]!.entryPoint === "packages/cli/src/commands/check.ts",
  );
  assert.equal(ofCheck.length, 1);
  const chunks = new Set([
    ...ofCheck,
    ...Object.keys(metafile.outputs).filter((file) => file.endsWith("/main.mjs")),
  ]);
  for (const chunk of chunks)
    for (const { path, kind } of metafile.outputs[chunk]!.imports)
      if (kind === "import-statement" && path in metafile.outputs) chunks.add(path);
  const loaded = [...chunks].flatMap((chunk) => Object.keys(metafile.outputs[chunk]!.inputs));
  assert.ok(loaded.includes("packages/check/src/rules/rules.ts"));
  assert.deepEqual(
    loaded.filter(
      (file) =>
        /^packages\/(?:client|cluster|trial|release|targets|dashboard)\//.test(file) ||
        /node:(?:https?|http2|tls|dns|child_process|worker_threads)$/.test(file),
    ),
    [],
  );
});
