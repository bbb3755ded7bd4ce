import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { importsOf } from "./imports-of.ts";
import { sourceFiles } from "./source-files.ts";

/** The floors: a package imports lower floors only. ARCHITECTURE.md tells what each one is for. */
const floors: Readonly<Record<string, number>> = {
  errors: -1,
  certificates: -1,
  kube: 0,
  load: 0,
  service: 0,
  app: 1,
  client: 1,
  check: 2,
  cluster: 2,
  release: 2,
  targets: 2,
  trial: 3,
  dashboard: 4,
  cli: 5,
};

const cluster = "packages/cluster/src";

/** Folders inside a package whose files may not import certain others: [folder, forbidden folders, why]. */
const walls: readonly (readonly [folder: string, forbidden: readonly string[], why: string])[] = [
  [
    `${cluster}/controllers/`,
    ["apiserver", "network", "node"],
    "controllers see the API through the client only",
  ],
  [
    `${cluster}/network/`,
    ["apiserver", "controllers", "node"],
    "the data plane sees the API through the client, and pods as addresses",
  ],
  [
    `${cluster}/node/`,
    ["apiserver", "controllers", "network"],
    "a node sees the API through the client, and the network as what it attaches pods to",
  ],
  [
    `${cluster}/apiserver/`,
    ["controllers", "network", "node"],
    "the API server stores objects, and knows nobody who acts on them",
  ],
];

test("every import goes to a lower floor", () => {
  const offences: string[] = [];
  for (const file of sourceFiles("packages")) {
    const [, own = "", folder] = file.split("/");
    if (folder === "examples") continue; // What a user would write, who imports the package itself.
    for (const [specifier, line] of importsOf(file)) {
      const imported = /^@seaworthy\/([a-z]+)/.exec(specifier)?.[1];
      if (imported === undefined) continue;
      const from = floors[own];
      const to = floors[imported];
      if (from === undefined || to === undefined)
        offences.push(`${file}:${line} ${specifier}: no floor is given`);
      else if (to >= from) offences.push(`${file}:${line} floor ${from} imports ${specifier} on floor ${to}`);
    }
  }
  assert.deepEqual(offences, []);
});

test("relative imports stay inside their package", () => {
  const offences: string[] = [];
  for (const file of sourceFiles("packages")) {
    const root = file.split("/").slice(0, 2).join("/");
    for (const [specifier, line] of importsOf(file)) {
      if (!specifier.startsWith(".")) continue;
      const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
      if (!target.startsWith(`${root}/`) && target !== "package.json")
        offences.push(`${file}:${line} ${specifier}`);
    }
  }
  assert.deepEqual(offences, []);
});

test("walls inside packages hold", () => {
  const offences: string[] = [];
  for (const [folder, forbidden, why] of walls) {
    for (const file of sourceFiles(folder)) {
      if (file.endsWith(".test.ts")) continue;
      for (const [specifier, line] of importsOf(file)) {
        const target = specifier.startsWith(".") ? join(dirname(file), specifier) : specifier;
        if (forbidden.some((each) => target.startsWith(`${cluster}/${each}/`)))
          offences.push(`${file}:${line} ${specifier}: ${why}`);
      }
    }
  }
  assert.deepEqual(offences, []);
});

test("apps import the service library and its errors only, and their tests certificates", () => {
  const offences: string[] = [];
  for (const file of sourceFiles("apps")) {
    const isTest = /\.test\.ts$|\/testing\//.test(file);
    for (const [specifier, line] of importsOf(file)) {
      if (isTest && specifier === "@seaworthy/certificates") continue;
      if (/^@seaworthy\/(?!(?:service|errors)$)/.test(specifier)) {
        offences.push(`${file}:${line} ${specifier}`);
      }
    }
  }
  assert.deepEqual(offences, []);
});
