import { differences } from "./differences.ts";
import { items } from "./items.ts";

/** The items as a table for docs/fidelity.md: what the embedded cluster does of what Kubernetes does. */
export function fidelityTable(): string {
  const rows = items.map(
    ({ number, title }) => `| ${number} | ${title} | ${differences[number] ?? "the same"} |`,
  );
  return ["| | what is asked | the embedded cluster |", "|---|---|---|", ...rows].join("\n");
}
