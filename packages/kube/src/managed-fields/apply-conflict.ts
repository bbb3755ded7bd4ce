import { formatPath, compareText, type Path } from "./field-set/path-element.ts";
import { FieldSet } from "./field-set/field-set.ts";
import type { FieldOwner } from "./field-owner.ts";
import type { FieldOwners } from "./field-owners.ts";

/** A field that an applied configuration would take from somebody. */
export interface Conflict {
  readonly id: string;
  readonly manager: FieldOwner;
  readonly path: Path;
}

/** An apply that is refused, because it would take fields from others without force. */
export class ApplyConflict extends Error {
  readonly conflicts: readonly Conflict[];
  /** As the causes of a `Status`. */
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];

  constructor(conflicts: readonly Conflict[]) {
    super(messageOf(conflicts));
    this.conflicts = conflicts;
    this.causes = conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${describe(manager)}`,
      field: formatPath(path),
    }));
  }
}

/** The conflicts of a set of fields by manager, in the order in which Kubernetes tells them. */
export function conflictsOf(taken: ReadonlyMap<string, FieldSet>, managers: FieldOwners): Conflict[] {
  return [...taken]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([id, fields]) => {
      const manager = managers.get(id);
      return manager === undefined ? [] : [...fields.paths()].map((path) => ({ id, manager, path }));
    });
}

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/managedfields/internal/conflict.go */
function messageOf(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only !== undefined && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${describe(only.manager)}: ${formatPath(only.path)}`;
  const lines = Map.groupBy(conflicts, ({ id }) => id)
    .values()
    .flatMap((ofOne) => [
      `conflicts with ${describe(ofOne[0]!.manager)}:`,
      ...ofOne.map(({ path }) => `- ${formatPath(path)}`),
    ]);
  return `Apply failed with ${conflicts.length} conflicts: ${[...lines].join("\n")}`;
}

function describe({ name, operation, apiVersion, subresource }: FieldOwner): string {
  const who =
    JSON.stringify(name) + (subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === "Update" ? `${who} using ${apiVersion}` : who;
}
