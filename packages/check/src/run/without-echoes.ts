import type { Manifest } from "@seaworthy/kube";
import type { Rule } from "../rule.ts";
import type { Reported } from "./reported.ts";

/** Takes out what another rule, to which its own gives way, has said of the same field: one fault is told once. */
export function withoutEchoes(found: readonly Reported[], rules: readonly Rule[]): Reported[] {
  const betterOf = new Map(
    rules.flatMap(({ id, givesWayTo }) => (givesWayTo === undefined ? [] : [[id, givesWayTo]])),
  );
  const better = new Set([...betterOf.values()].flat());
  const said = new Map<Manifest, Set<string>>();
  for (const { rule, field, finding } of found) {
    if (finding === undefined || !better.has(rule)) continue;
    const known = said.get(finding.manifest) ?? new Set();
    said.set(finding.manifest, known.add(`${rule} ${field}`));
  }
  return found.filter(({ rule, field, finding }) => {
    const fields = finding && said.get(finding.manifest);
    return (
      fields === undefined || !(betterOf.get(rule) ?? []).some((other) => fields.has(`${other} ${field}`))
    );
  });
}
