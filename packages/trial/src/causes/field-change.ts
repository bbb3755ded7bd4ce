import type { FieldPath } from "@seaworthy/kube";

/** Finds `file:line` of a field, or of its nearest ancestor that is written down. */
export type FieldPlace = (path: FieldPath) => string | undefined;

/** One field to write. */
export interface FieldChange {
  /** As Kubernetes writes it: `spec.template.spec.containers[0].lifecycle.preStop`. */
  readonly path: string;
  /** The whole value: what stands there now goes. */
  readonly value: unknown;
  /** `file:line` of the field or of the object around it. */
  readonly place: string | undefined;
}

/** A change as one line: down to the field, where there is one way only. */
export function formatChange({ path, value }: Pick<FieldChange, "path" | "value">): string {
  let text = path;
  let rest = value;
  while (isMap(rest) && Object.keys(rest).length === 1) {
    const [key, inner] = Object.entries(rest)[0]!;
    text += `.${key}`;
    rest = inner;
  }
  return `${text}: ${flow(rest)}`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item)).join(", ")}]`;
  if (!isMap(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{ ${entries.join(", ")} }`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
