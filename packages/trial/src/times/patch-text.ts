import { formatObjectName, formatYaml, type Deployment, type FieldEdit } from "@seaworthy/kube";
import { seconds } from "../causes/advice.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import type { SuggestedFields, Suggestion } from "./suggest-fields.ts";

/**
 * What was computed as a strategic merge patch, which `kubectl patch --patch-file` and kustomize take. Its comments hold the
 * arithmetic, also of what stays as it is.
 */
export function patchText(deployment: Deployment, facts: DeploymentFacts, fields: SuggestedFields): string {
  const lines = [
    formatObjectName(deployment),
    ...fields.suggestions.flatMap((each) => [
      `  ${each.name}: ${amount(each)}${verdictOn(each)}`,
      `    ${each.sum}`,
    ]),
    ...fields.missing.map((text) => `  not computed: ${text}`),
    ...(changesOf(fields).length === 0 ? ["  nothing is to be changed"] : []),
  ];
  const comment = lines.map((line) => `# ${line}\n`).join("");
  return changesOf(fields).length === 0
    ? comment
    : `${comment}${formatYaml(patchOf(deployment, facts, fields))}`;
}

/** The same as edits of the Deployment where it is written. */
export function editsOf(fields: SuggestedFields): FieldEdit[] {
  return changesOf(fields).map((each) => ({ path: each.path, op: "set", value: valueOf(each) }));
}

type Change = Suggestion & { readonly path: NonNullable<Suggestion["path"]> };

function changesOf({ suggestions }: SuggestedFields): Change[] {
  return suggestions.filter((each): each is Change => each.isChange && each.path !== undefined);
}

function valueOf({ path, value }: Change): unknown {
  return path.at(-1) === "preStop" ? { sleep: { seconds: value } } : value;
}

function amount({ value, unit }: Suggestion): string {
  return unit === "ms" ? seconds(value) : `${value} s`;
}

function verdictOn(each: Suggestion): string {
  const { now, value, unit, path, isChange } = each;
  const today = now === undefined ? "not known" : unit === "ms" ? seconds(now) : `${now} s`;
  if (isChange) return `, today ${today}`;
  if (path === undefined) return `, today ${today}: no field of a manifest holds it, the app does`;
  if (now === undefined || now < value) return `, today ${today}: left to you`;
  return now === value ? ", as today" : `, today ${today}: that is enough, and stays`;
}

function patchOf(
  { apiVersion, kind, metadata }: Deployment,
  { containerName, preStop }: DeploymentFacts,
  fields: SuggestedFields,
): unknown {
  const changes = new Map(changesOf(fields).map((each) => [each.path.at(-1), valueOf(each)]));
  const hook = changes.get("preStop") as Readonly<Record<string, unknown>> | undefined;
  const grace = changes.get("terminationGracePeriodSeconds");
  const ready = changes.get("minReadySeconds");
  // A patch adds to a hook that is there, and a hook of two kinds is refused.
  const container = {
    name: containerName,
    lifecycle: { preStop: preStop?.kind === "exec" ? { exec: null, ...hook } : hook },
  };
  const pod = {
    ...(hook === undefined ? {} : { containers: [container] }),
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
  };
  const { name, namespace } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      ...(ready === undefined ? {} : { minReadySeconds: ready }),
      ...(Object.keys(pod).length === 0 ? {} : { template: { spec: pod } }),
    },
  };
}
