import { resolve } from "node:path";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import { shortName } from "../short-name.ts";
import { severalSets } from "./choose-set.ts";
import type { ManifestSet } from "./leave-out.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { parseManifestSet } from "./parse-manifest-set.ts";
import { findSources, hasObjects, render, wholePaths, type SourceOptions } from "./read-sources.ts";
import type { RenderedFolder } from "./render-folder.ts";

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
  const sources: ManifestSource[] = [];
  const notices: Notice[] = [];
  for (const path of wholePaths(paths, options.cwd)) {
    const found = await readOneSet(path, options);
    sources.push(...found.sources.filter(({ name }) => !sources.some((each) => each.name === name)));
    notices.push(...found.notices);
  }
  if (sources.length === 0) throw noFiles(paths, options.command);
  const set = parseManifestSet(sources, options);
  if (set.manifests.length + set.leftOut.length === 0) throw noObjects(paths, sources.length);
  return { ...set, sources, notices: [...notices, ...set.notices] };
}

/** The texts of the one set behind a path, with a notice where it was rendered without being named. */
async function readOneSet(
  path: string,
  options: SourceOptions,
): Promise<{ readonly sources: readonly ManifestSource[]; readonly notices: readonly Notice[] }> {
  const { cwd, command } = options;
  const { plain, folders, own } = await findSources(path, options);
  const name = shortName(path, cwd);
  const read = async ({ tool, path: folder }: RenderedFolder) =>
    await render(tool, resolve(cwd, folder), options);
  if (own !== undefined) return { sources: [await read(own)], notices: [] };
  const [first, ...others] = folders;
  if (first === undefined) return { sources: plain, notices: [] };
  const files = plain.filter((source) => hasObjects(source, command));
  if (files.length + others.length > 0)
    throw severalSets(
      name,
      files.map((each) => each.name),
      folders,
      command,
    );
  const source = await read(first);
  return { sources: [source], notices: [{ text: `the manifests are those of \`${source.name}\`` }] };
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
