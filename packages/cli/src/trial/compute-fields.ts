import type { SourcedManifests } from "@seaworthy/app";
import { editFiles, type Edit, type FixedFile } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import type { Deployment, Manifest } from "@seaworthy/kube";
import { editsOf, patchText, suggestFields, type MeasuredTimes, type TrialRun } from "@seaworthy/trial";

/** What `--suggest` prints, and what `--fix` writes. */
export interface ComputedFields {
  /** Patches of Deployments with their arithmetic, as YAML. */
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** Computes fields of the tried Deployments from the times that a trial measured. A run that proves nothing gives none. */
export function computeFields(
  { verdict, times }: Pick<TrialRun, "verdict" | "times">,
  manifests: readonly Manifest[],
): ComputedFields {
  if (verdict.verdict === "invalid")
    return { text: `# nothing is computed of a run that proves nothing: ${verdict.why ?? ""}\n`, edits: [] };
  const all = times.flatMap((each) => {
    const manifest = manifests.find(({ object }) => isOf(object as Deployment, each));
    if (manifest === undefined) return [];
    const deployment = manifest.object as Deployment;
    const fields = suggestFields(each, deployment.spec.minReadySeconds ?? 0);
    return [
      {
        text: patchText(deployment, each.facts, fields),
        edits: editsOf(fields).map((edit): Edit => ({ ...edit, manifest })),
      },
    ];
  });
  if (all.length === 0) return { text: "# nothing is computed: no Deployment was tried\n", edits: [] };
  const place = verdict.profile === null ? "a real cluster" : `the profile ${verdict.profile}`;
  const head = `# computed from one run with ${place}, ${verdict.terminations} pod ends\n`;
  return { text: head + all.map(({ text }) => text).join("---\n"), edits: all.flatMap(({ edits }) => edits) };
}

/** The files with these fields in them; nothing is written yet. */
export function withFields({ sources }: SourcedManifests, edits: readonly Edit[]): FixedFile[] {
  const files = editFiles(sources, edits);
  if (files !== undefined) return files;
  throw new SeaworthyError("SW1003", "the computed fields cannot be written into the manifests", {
    why: "they are rendered by a tool, or written in a way that leaves no room for a field, as with anchors",
    next: ["print them as a patch instead: --suggest"],
  });
}

/** A trial puts objects that name no namespace where it is told to. */
function isOf({ kind, metadata }: Deployment, { facts }: MeasuredTimes): boolean {
  const { name, namespace = facts.namespace } = metadata;
  return kind === "Deployment" && name === facts.name && namespace === facts.namespace;
}
