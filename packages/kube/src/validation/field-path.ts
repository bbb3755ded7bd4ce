/** Where a field is: `["spec", "containers", 0, "image"]`. */
export type FieldPath = readonly (string | number)[];

/** A field's path as text: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatFieldPath(path: FieldPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[\w$-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** Reads a path as Kubernetes writes it in the causes of a refusal: `spec.ports[0].name`, `data[app.properties]`. */
export function parseFieldPath(text: string): FieldPath {
  const steps = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return Array.from(steps, ([, quoted, bracketed, name]) => {
    if (quoted !== undefined) return JSON.parse(`"${quoted}"`) as string;
    const step = bracketed ?? name ?? "";
    return /^(0|[1-9]\d*)$/.test(step) && bracketed !== undefined ? Number(step) : step;
  });
}
