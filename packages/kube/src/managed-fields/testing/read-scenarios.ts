import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../../object.ts";

/** Writes by several managers, one after the other. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** One write. */
export interface Step {
  readonly do: "create" | "update" | "apply" | "json" | "merge" | "strategic";
  /** Which object: its kind, with its version where that is not the usual one, and its name, as `Deployment/web`. */
  readonly to: string;
  readonly subresource?: string;
  /** The `fieldManager`; none when absent. */
  readonly as?: string;
  readonly userAgent?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** The body: an object, a patch, or a text that is sent as it is. */
  readonly body: unknown;
}

type Sent = Partial<Record<Step["do"], unknown>> &
  Omit<Step, "do" | "body" | "to"> & { readonly to?: string };

/** Reads the scenarios of a folder: each file maps names to steps, and a step names its verb with its body. */
export function readScenarios(folder: string): Scenario[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .toSorted()
    .flatMap((file) => {
      const scenarios = parse(readFileSync(join(folder, file), "utf8"), { merge: true }) as Record<
        string,
        Sent[]
      >;
      return Object.entries(scenarios)
        .filter(([name]) => !name.startsWith("_"))
        .map(([name, steps]) => ({
          name: `${file.replace(".yaml", "")}: ${name}`,
          steps: steps.map(toStep),
        }));
    });
}

const verbs = ["create", "update", "apply", "json", "merge", "strategic"] as const;

function toStep(sent: Sent): Step {
  const verb = verbs.find((name) => Object.hasOwn(sent, name));
  if (verb === undefined) throw new TypeError(`a step without a verb: ${JSON.stringify(sent)}`);
  const { [verb]: body, to, ...rest } = sent;
  return { ...rest, do: verb, to: to ?? targetOf(body), body };
}

function targetOf(body: unknown): string {
  const { kind, metadata } = body as KubeObject;
  return `${kind}/${metadata.name}`;
}
