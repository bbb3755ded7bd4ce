import { readFileSync } from "node:fs";

/** What bench/conformance.ts wrote down: how many specs of each group pass, and why the others do not. */
export function conformanceTable(): string {
  const results = Object.entries(
    JSON.parse(readFileSync(new URL("results.generated.json", import.meta.url), "utf8")) as Readonly<
      Record<string, string>
    >,
  );
  const groups = Map.groupBy(results, ([name]) => /^\[(sig-[\w-]+)\]/.exec(name)?.[1] ?? "");
  const counts = [...groups].map(([group, specs]) => [group, countPassed(specs), specs.length] as const);
  const failed = results.filter(([, result]) => result !== "passed");
  return [
    "| group | passed | of |",
    "|---|---|---|",
    ...counts.map(([group, passed, all]) => `| ${group} | ${passed} | ${all} |`),
    `| all | ${countPassed(results)} | ${results.length} |`,
    "",
    "| not passed | why |",
    "|---|---|",
    ...failed.map(
      ([name, why]) =>
        `| ${cell(name.replace(/^\[(sig-[\w-]+)\] /, "$1: ").replaceAll(/ \[[^\]]*\]/g, ""))} | ${cell(why)} |`,
    ),
  ].join("\n");
}

function countPassed(specs: readonly (readonly [string, string])[]): number {
  return specs.filter(([, result]) => result === "passed").length;
}

/** Text that is nothing but text in a table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
