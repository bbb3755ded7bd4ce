import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { ignoreRules, rulePage, rules, rulesIndex } from "@seaworthy/check";
import { serviceSettings, settingsTable } from "@seaworthy/service";
import { ruleFolders } from "../../packages/check/src/testing/rule-folders.ts";
import { loadFlags } from "../../packages/cli/src/load-flags.ts";
import { failureMeanings } from "../../packages/load/src/output/failure-meanings.ts";
import { builtInKinds } from "@seaworthy/kube";
import { conformanceTable } from "../../bench/conformance/conformance-table.ts";
import { scenariosTable } from "../../bench/scenarios/scenarios-table.ts";
import { fidelityTable } from "../fidelity/fidelity-table.ts";
import { unserved } from "../kinds/unserved.ts";
import { neverEchoed } from "../../apps/httpserver/src/answers/echoed-headers.ts";
import { settingsTable as httpserverSettings } from "../../apps/httpserver/src/settings/settings.ts";

// UPDATE=1 node --test test/architecture/docs-in-step.test.ts writes the tables anew.

/** Where a table stands, between which marks, and what it says by the code. */
const pages = [
  { page: "packages/service/README.md", mark: "options", table: settingsTable(serviceSettings) },
  { page: "apps/httpserver/README.md", mark: "options", table: settingsTable(httpserverSettings) },
  { page: "docs/load.md", mark: "flags", table: flagsTable() },
  { page: "docs/load.md", mark: "classes", table: classesTable() },
  { page: "docs/fidelity.md", mark: "items", table: fidelityTable() },
  { page: "docs/fidelity.md", mark: "conformance", table: conformanceTable() },
  { page: "docs/fidelity.md", mark: "scenarios", table: scenariosTable() },
  { page: "docs/fidelity.md", mark: "idle", table: idleKinds() },
  { page: "docs/fidelity.md", mark: "unserved", table: unservedTable() },
];

for (const { page, mark, table } of pages) {
  test(`the table of ${mark} in ${page} is what the code says`, () => {
    const [begin, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->\n`];
    const text = readFileSync(page, "utf8");
    const [before, rest = "", ...more] = text.split(begin);
    const [shown, after] = rest.split(end);
    assert.ok(after !== undefined && more.length === 0, `${page} has no ${begin}… ${end}, or two`);
    const wanted = `\n${table}\n`;
    if (process.env["UPDATE"] === "1") writeFileSync(page, `${before}${begin}${wanted}${end}${after}`);
    else assert.equal(shown, wanted, `${page} is behind: UPDATE=1 writes it anew`);
  });
}

function flagsTable(): string {
  const rows = Object.entries(loadFlags).map(([name, { short, value, text }]) => {
    const spelling = `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
    return `| \`${spelling.replaceAll("|", "\\|")}\` | ${text} |`;
  });
  return ["| flag | meaning |", "|---|---|", ...rows].join("\n");
}

function idleKinds(): string {
  const idle = builtInKinds.filter((kind) => kind.idle === true);
  return `${idle.map(({ kind }) => kind).join(", ")}.`;
}

function unservedTable(): string {
  const rows = Object.entries(unserved).map(([name, why]) => `| \`${name.replace(/^\//, "")}\` | ${why} |`);
  return ["| what | why |", "|---|---|", ...rows].join("\n");
}

function classesTable(): string {
  const rows = Object.entries(failureMeanings).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  return ["| class | what happened |", "|---|---|", ...rows].join("\n");
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

test("the pages of the rules, and the examples that --explain shows, are what the rules say", () => {
  const examples = Object.fromEntries(
    rules.map(({ id }) => {
      const read = (name: string) => readFileSync(`${ruleFolders.get(id)}/${name}-1.yaml`, "utf8");
      return [id, { fails: read("fails"), passes: read("passes") }];
    }),
  );
  const all = [...rules, ...ignoreRules];
  const wanted = new Map([
    ["docs/rules/README.md", rulesIndex(all)],
    ...all.map((rule) => [`docs/rules/${rule.id}.md`, rulePage(rule, examples[rule.id])] as const),
    ["packages/check/src/pages/examples.generated.json", `${JSON.stringify(examples, undefined, 1)}\n`],
  ]);
  mkdirSync("docs/rules", { recursive: true });
  if (process.env["UPDATE"] === "1") for (const [page, text] of wanted) writeFileSync(page, text);
  for (const [page, text] of wanted)
    assert.equal(readFileSync(page, "utf8"), text, `${page} is behind: UPDATE=1 writes it anew`);
  const pages = readdirSync("docs/rules").map((name) => `docs/rules/${name}`);
  assert.deepEqual(
    pages.filter((page) => !wanted.has(page)),
    [],
    "pages of rules that are no more",
  );
});
