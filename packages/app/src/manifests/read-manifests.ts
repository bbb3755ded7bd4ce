import { SeaworthyError } from "@seaworthy/errors";
import type { ManifestSet } from "./leave-out.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { parseManifestSet } from "./parse-manifest-set.ts";
import { parseSources } from "./parse-sources.ts";
import { readSources, type SourceOptions } from "./read-sources.ts";

export interface ReadManifestsOptions extends SourceOptions {
  /** Keep custom kinds: a real cluster may serve them. */
  readonly allowCustomKinds: boolean;
}

/** Manifests with the texts that they are from. */
export interface SourcedManifests extends ManifestSet {
  readonly sources: readonly ManifestSource[];
}

/**
 * Reads and checks every manifest in files, in folders (`*.yaml`, `*.yml`, `*.json`; `seaworthy.yaml` apart), in what
 * kustomize and Helm render, and in stdin (`-`). Rejects with one `SeaworthyError`, or with an AggregateError of them
 * when several things are wrong.
 */
export async function readManifests(
  paths: readonly string[],
  options: ReadManifestsOptions,
): Promise<SourcedManifests> {
  const { sources, notices } = await readSources(
    paths,
    options,
    (source) => parseSources([source], options.command).manifests.length > 0,
  );
  if (sources.length === 0) throw noFiles(paths, options.command);
  const set = parseManifestSet(sources, options);
  if (set.manifests.length + set.leftOut.length === 0) throw noObjects(paths, sources.length);
  return { ...set, sources, notices: [...notices, ...set.notices] };
}

function noFiles(paths: readonly string[], command: string): SeaworthyError {
  return new SeaworthyError("SW1004", `no manifests in ${paths.join(", ")}`, {
    seen: ["no file ends in .yaml, .yml or .json, and none belongs to kustomize or Helm"],
    next: [`give the file or folder with your Kubernetes manifests: seaworthy ${command} k8s/`],
  });
}

function noObjects(paths: readonly string[], files: number): SeaworthyError {
  return new SeaworthyError("SW1004", `no Kubernetes object in ${paths.join(", ")}`, {
    seen: [`${files} file${files === 1 ? "" : "s"}, none with an object`],
    next: ["give the file or folder with your Kubernetes manifests"],
  });
}
