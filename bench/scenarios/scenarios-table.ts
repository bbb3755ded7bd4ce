import { readFileSync } from "node:fs";
import { nameOf, summaryOf, type Played } from "./played.ts";

/** What came of every scenario on a real cluster and embedded, as bench/scenarios/run-scenarios.ts wrote it down. */
export function scenariosTable(): string {
  const real = Map.groupBy(read("real.generated.json"), nameOf);
  const embedded = Map.groupBy(read("embedded.generated.json"), nameOf);
  const rows = [...embedded].map(([name, runs]) => {
    const { scenario, example } = runs[0]!;
    const [folder = "", ...also] = example.split(",");
    const shown = [`\`${folder}\``, ...also].join(",");
    return `| \`${scenario}\` | ${shown} | ${summaryOf(real.get(name) ?? [])} | ${summaryOf(runs)} |`;
  });
  return ["| scenario | example | real | embedded |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function read(file: string): readonly Played[] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")) as Played[];
}
