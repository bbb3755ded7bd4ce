import type { PageExamples } from "./rule-page.ts";

/** The first example of each kind by rule, which are read only when somebody asks for a page. */
export async function loadExamples(): Promise<ReadonlyMap<string, PageExamples>> {
  const { default: examples } = (await import("./examples.generated.json", { with: { type: "json" } })) as {
    readonly default: Readonly<Record<string, PageExamples>>;
  };
  return new Map(Object.entries(examples));
}
