/** A field's path and value as YAML to paste, its parents above it; an item of a list is its `-`. */
export function fieldYaml(path: string, value: unknown): string {
  let depth = 0;
  let dash = "";
  const lines: string[] = [];
  for (const part of path.split(".")) {
    const [, key = part, item] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
    lines.push(`${"  ".repeat(depth)}${dash}${key}:`);
    depth += dash === "" ? 1 : 2;
    dash = item === undefined ? "" : "- ";
    if (item !== undefined && item !== "0") lines.push(`${"  ".repeat(depth)}# item ${item}, from 0`);
  }
  if (typeof value !== "object" || value === null) return `${lines.join("\n")} ${String(value)}`;
  return [...lines, ...valueLines(value, depth)].join("\n");
}

function valueLines(value: unknown, depth: number): string[] {
  const pad = "  ".repeat(depth);
  if (typeof value !== "object" || value === null) return [`${pad}${String(value)}`];
  if (Array.isArray(value))
    return value.flatMap((each) => {
      const [first = "", ...rest] = valueLines(each, depth + 1);
      return [`${pad}- ${first.trim()}`, ...rest];
    });
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "object" && inner !== null
      ? [`${pad}${key}:`, ...valueLines(inner, depth + 1)]
      : [`${pad}${key}: ${String(inner)}`],
  );
}
