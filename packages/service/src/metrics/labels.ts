/** Values for a metric's label names, in their order. */
export type LabelValues = readonly string[];

/** Labels as both text formats write them between the braces: `method="GET",code="200"`. */
export function formatLabels(names: readonly string[], values: LabelValues): string {
  return names.map((name, index) => `${name}="${escapeLabelValue(values[index] ?? "")}"`).join(",");
}

/** Throws a `TypeError` for a name that the formats do not allow, that Prometheus keeps for itself, or that is there twice. */
export function checkLabelNames(metric: string, names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name === "le")
      throw new TypeError(`${name} cannot be a label of ${metric}`);
    if (names.indexOf(name) !== index) throw new TypeError(`label ${name} of ${metric} is there twice`);
  }
}

function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
