import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { serviceSettings, settingsTable } from "@seaworthy/service";
import { neverEchoed } from "../../apps/httpserver/src/echoed-headers.ts";
import { settingsTable as httpserverSettings } from "../../apps/httpserver/src/settings.ts";

// UPDATE=1 node --test test/architecture/docs-in-step.test.ts writes the tables anew.

/** Where a table of settings stands, and what it is made of. */
const pages = [
  { page: "packages/service/README.md", table: serviceSettings },
  { page: "apps/httpserver/README.md", table: httpserverSettings },
];

const begin = "<!-- options -->\n";
const end = "<!-- /options -->\n";

for (const { page, table } of pages) {
  test(`the option table of ${page} is what the code says`, () => {
    const text = readFileSync(page, "utf8");
    const [before, rest = "", ...more] = text.split(begin);
    const [shown, after] = rest.split(end);
    assert.ok(after !== undefined && more.length === 0, `${page} has no ${begin}… ${end}, or two`);
    const wanted = `\n${settingsTable(table)}\n`;
    if (process.env["UPDATE"] === "1") writeFileSync(page, `${before}${begin}${wanted}${end}${after}`);
    else assert.equal(shown, wanted, `${page} is behind: UPDATE=1 writes it anew`);
  });
}

test("the README of apps/httpserver names every header that the echo leaves out", () => {
  const text = readFileSync("apps/httpserver/README.md", "utf8");
  const [, section = ""] = text.split("## Which headers the echo leaves out\n");
  const words = new Set(section.match(/[\w-]+\*?/g));
  const families = [...words].filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1));
  assert.deepEqual(
    [...neverEchoed].filter(
      (name) => !words.has(name) && !families.some((family) => name.startsWith(family)),
    ),
    [],
  );
});

test("the quick start of packages/service is the example that is tested", () => {
  const example = readFileSync("packages/service/examples/node-http.ts", "utf8");
  assert.ok(readFileSync("packages/service/README.md", "utf8").includes(`\`\`\`ts\n${example}\`\`\`\n`));
});
