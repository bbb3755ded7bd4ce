import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bundleModules } from "../../scripts/packages/build-modules.ts";

test("npm start needs nothing that is installed for tests only", async () => {
  const { metafile } = await bundleModules({
    entryPoints: { command: "packages/cli/src/main.ts", httpserver: "apps/httpserver/src/main.ts" },
    outdir: "dist",
    target: "node24",
    isProgram: true,
  });
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean } | undefined>>;
  };
  // What makes the bundles is needed, too.
  const locations = new Set(["node_modules/esbuild"]);
  for (const file of Object.keys(metafile.inputs)) {
    const location = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    if (location !== undefined) locations.add(location);
  }
  assert.ok(locations.has("node_modules/fastify"));
  assert.deepEqual(
    [...locations].filter((location) => lock.packages[location]?.dev === true),
    [],
  );
});
