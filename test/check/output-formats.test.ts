import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { schemaProblems, type Schema } from "../../packages/load/src/testing/schema-problems.ts";
import { checkFiles } from "./check-files.ts";
import { shopManifest } from "../shop-manifest.ts";

const files = {
  "k8s/app.yaml": shopManifest,
  "k8s/ignored.yaml": shopManifest
    .replaceAll("shop", "other")
    .replace("- name: other", "- name: other # seaworthy-ignore no-drain: it drains"),
  "k8s/bad.yaml": 'a: [\n---\n"<&\u0001": ]]>\n',
  "chart/Chart.yaml": "name: chart\n",
};

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly suppressions?: readonly object[];
      readonly fixes?: readonly {
        readonly artifactChanges: readonly {
          readonly artifactLocation: { readonly uri: string };
          readonly replacements: readonly {
            readonly deletedRegion: Readonly<Record<"startLine" | "endLine", number>>;
            readonly insertedContent?: { readonly text: string };
          }[];
        }[];
      }[];
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: object;
        };
      }[];
    }[];
  }[];
}

test("the JSON is what its schema says, and so are its counts", async (context) => {
  const { stdout, exitCode } = await checkFiles(context, files, [".", "--output", "json"]);
  assert.equal(exitCode, 2);
  const schema = JSON.parse(readFileSync("docs/schemas/check-v1.schema.json", "utf8")) as Schema;
  const result = JSON.parse(stdout) as {
    counts: Record<string, number>;
    findings: { rule: string; file: string; line: number }[];
    ignored: { reason: string }[];
    failures: { code: string }[];
  };
  assert.deepEqual(schemaProblems(result, schema), []);
  assert.ok(result.findings.some(({ rule, file }) => rule === "no-drain" && file === "k8s/app.yaml"));
  assert.ok(result.findings.some(({ rule, file }) => rule === "SW1101" && file === "k8s/bad.yaml"));
  assert.deepEqual(
    [result.ignored.map(({ reason }) => reason), result.failures.map(({ code }) => code)],
    [["it drains"], ["SW1006"]],
  );
  assert.equal(
    result.counts["error"]! + result.counts["warning"]! + result.counts["advice"]!,
    result.findings.length,
  );
});

test("the SARIF is what the published schema says", async (context) => {
  const { stdout } = await checkFiles(context, files, ["k8s", "--output", "sarif"]);
  const schema = JSON.parse(readFileSync("test/check/sarif-2.1.0.generated.json", "utf8")) as object;
  const validator = new ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(validator);
  const validate = validator.compile(schema);
  const log = JSON.parse(stdout) as Sarif;
  assert.ok(validate(log), JSON.stringify(validate.errors, undefined, 2));
  const found = log.runs[0]!.results.find(
    ({ ruleId, suppressions }) => ruleId === "no-drain" && suppressions === undefined,
  )!;
  assert.deepEqual(found.locations[0]!.physicalLocation, {
    artifactLocation: { uri: "k8s/app.yaml" },
    region: {
      startLine: 16,
      startColumn: 11,
      endLine: 16,
      endColumn: 21,
      snippet: { text: "        - name: shop" },
    },
  });
  assert.equal(log.runs[0]!.results.filter(({ suppressions }) => suppressions !== undefined).length, 1);
});

test("JUnit has a case for each finding, and is XML whatever is in the manifests", async (context) => {
  const { stdout } = await checkFiles(context, files, [".", "--output", "junit"]);
  assert.match(stdout, /<testsuite name="k8s\/app\.yaml" tests="\d+" failures="[1-9]/);
  assert.match(
    stdout,
    /<testcase name="no-drain [^"]*" classname="k8s\/ignored\.yaml"><skipped message="it drains"\/>/,
  );
  assert.match(stdout, /<testcase name="SW1006"><error message="chart is a Helm chart/);
  // oxlint-disable-next-line no-control-regex -- No XML may hold it.
  assert.doesNotMatch(stdout, /\u0001|&(?!(?:amp|lt|gt|quot|#10);)/);
  const stack: string[] = [];
  for (const [, end, name, , alone] of stdout.matchAll(/<(\/?)([a-z]+)((?:\s[a-z]+="[^"<]*")*)(\/?)>/g)) {
    if (end === "/") assert.equal(stack.pop(), name);
    else if (alone !== "/") stack.push(name!);
  }
  assert.deepEqual(stack, []);
});

test("GitHub is told what it shows, and how many more there are", async (context) => {
  const many = Array.from({ length: 12 }, (_, index) =>
    shopManifest.replaceAll("shop", `shop-${index}`),
  ).join("---\n");
  const { stdout } = await checkFiles(context, { "k8s/a,b.yaml": many }, [
    "k8s",
    "--output",
    "github",
    "--profile",
    "kube-linter",
    "--rule",
    "no-drain=error",
    "--rule",
    "refused=off",
  ]);
  const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
  assert.equal(errors.length, 10);
  assert.match(
    errors[0]!,
    /^::error file=k8s\/a%2Cb\.yaml,line=16,col=11,endColumn=23,title=no-drain::container shop-0 .*%0A/,
  );
  assert.match(errors[9]!, /title=and \d+ more::/);
  assert.match(stdout, /^error\[no-drain\]: /m);
});

test("a fix in the SARIF, applied as text, is what --fix writes", async (context) => {
  const only = ["k8s", "--profile", "none", "--rule", "no-drain"];
  const own = { "k8s/app.yaml": shopManifest };
  const { stdout } = await checkFiles(context, own, [...only, "--output", "sarif"]);
  const [result] = (JSON.parse(stdout) as Sarif).runs[0]!.results;
  const [change] = result!.fixes![0]!.artifactChanges;
  assert.equal(change!.artifactLocation.uri, "k8s/app.yaml");
  const lines = shopManifest.split(/(?<=\n)/);
  for (const { deletedRegion, insertedContent } of change!.replacements.toReversed())
    lines.splice(
      deletedRegion.startLine - 1,
      deletedRegion.endLine - deletedRegion.startLine,
      insertedContent?.text ?? "",
    );
  const { folder } = await checkFiles(context, own, [...only, "--fix"]);
  assert.equal(lines.join(""), readFileSync(join(folder, "k8s/app.yaml"), "utf8"));
});
