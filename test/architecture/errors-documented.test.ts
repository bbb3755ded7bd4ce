import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codes } from "@seaworthy/errors";
import { sourceFiles } from "./source-files.ts";

const page = readFileSync("docs/errors.md", "utf8");
const documented = [...page.matchAll(/^### (SW\d{4}): (.+)$/gm)].map((match) => [match[1], match[2]]);

test("every error code stands in docs/errors.md with its title, in order, and nothing else does", () => {
  assert.deepEqual(
    documented,
    Object.entries(codes).map(([code, { title }]) => [code, title]),
  );
});

test("every error code is thrown somewhere", () => {
  const text = sourceFiles("packages")
    .filter((file) => !file.endsWith("codes.ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  assert.deepEqual(
    Object.keys(codes).filter((code) => !text.includes(`"${code}"`)),
    [],
  );
});
