import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import { shortName } from "../short-name.ts";
import { isHook, leaveOut } from "./leave-out.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { placeholderError } from "./meant-for-tool.ts";
import { parseSources } from "./parse-sources.ts";
import { readOrigins, type Origin } from "./read-origins.ts";
import { findSources, render, wholePaths, type SourceOptions } from "./read-sources.ts";
import type { RenderedFolder } from "./render-folder.ts";

/** Objects that are meant to be together in one cluster, with the texts that they are from. */
export interface ReadSet {
  readonly manifests: readonly Manifest[];
  /** What Helm or Argo CD applies before or after these, which may refer to it. It is not looked at. */
  readonly hooks?: readonly Manifest[];
  /** Whether a document of it cannot be read, so that nobody knows all that it has. */
  readonly isTorn?: boolean;
  readonly sources: readonly ManifestSource[];
  /** What kustomize or Helm made this of. */
  readonly rendered?: RenderedFolder;
  /** Of a chart: a template, by the path that helm gives it, which begins with the chart's name. */
  readonly readTemplate?: (path: string) => { readonly name: string; readonly text: string } | undefined;
  /** Of an overlay: the objects in the files that it is made of. */
  readonly origins?: readonly Origin[];
  /** Of a cluster: whether an object is looked at for itself. Others are there only because these refer to them. */
  readonly judges?: (manifest: Manifest) => boolean;
}

/** Everything behind some paths. */
export interface ReadSets {
  readonly sets: readonly ReadSet[];
  /** What is wrong with documents that cannot be read. */
  readonly problems: readonly SeaworthyError[];
  /** Paths that could not be read or rendered at all. */
  readonly failures: readonly SeaworthyError[];
  readonly notices: readonly Notice[];
}

/**
 * Reads files, folders and stdin (`-`), for looking only: where `readManifests` wants one set and throws at the first
 * problem, this takes all of them, each for itself: the files as they are together, each overlay and each chart alone.
 */
export async function readSets(paths: readonly string[], options: SourceOptions): Promise<ReadSets> {
  const plain: ManifestSource[] = [];
  const rendered: { source: ManifestSource; folder: RenderedFolder }[] = [];
  const failures: SeaworthyError[] = [];
  const collect = async (read: () => Promise<void>) => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof SeaworthyError)) throw error;
      failures.push(error);
    }
  };
  for (const path of wholePaths(paths, options.cwd))
    await collect(async () => {
      const found = await findSources(path, options);
      plain.push(...found.plain.filter(({ name }) => !plain.some((each) => each.name === name)));
      for (const folder of found.folders)
        await collect(async () => {
          const source = await render(folder.tool, resolve(options.cwd, folder.path), options);
          rendered.push({ source, folder });
        });
    });
  const parsed = [
    ...(plain.length === 0 ? [] : [parseSet(plain, options.command)]),
    ...(await Promise.all(
      rendered.map(async ({ source, folder }) => {
        const { set, ...told } = parseSet([source], options.command, folder);
        return { set: { ...set, ...(await behind(folder, options.cwd)) }, ...told };
      }),
    )),
  ];
  return {
    sets: parsed.map(({ set }) => set),
    problems: parsed.flatMap(({ problems }) => problems),
    failures,
    notices: parsed.flatMap(({ notices }) => notices),
  };
}

/** What stands behind a rendered text, to point back at. */
async function behind({ tool, path }: RenderedFolder, cwd: string): Promise<Partial<ReadSet>> {
  return tool === "helm" ? templatesOf(path, cwd) : { origins: await readOrigins(resolve(cwd, path), cwd) };
}

function templatesOf(path: string, cwd: string): Pick<ReadSet, "readTemplate"> {
  const known = new Map<string, { readonly name: string; readonly text: string } | undefined>();
  return {
    readTemplate: (named) => {
      const inside = join(resolve(cwd, path), named.slice(named.indexOf("/") + 1));
      if (!known.has(named)) {
        const text = readIfInside(resolve(cwd, path), inside);
        known.set(named, text === undefined ? undefined : { name: shortName(inside, cwd), text });
      }
      return known.get(named);
    },
  };
}

function readIfInside(folder: string, file: string): string | undefined {
  if (relative(folder, file).startsWith("..")) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Parses the texts of a set, which may have been changed since they were read. */
export function parseSet(
  sources: readonly ManifestSource[],
  command: SourceOptions["command"],
  rendered?: RenderedFolder,
): { set: ReadSet; problems: SeaworthyError[]; notices: readonly Notice[] } {
  const { manifests: all, problems } = parseSources(sources, command);
  const filled = all.filter((manifest) => {
    const placeholder = placeholderError(manifest, command);
    if (placeholder !== undefined) problems.push(placeholder);
    return placeholder === undefined;
  });
  const { manifests, leftOut, notices } = leaveOut(filled, { allowCustomKinds: true });
  const set: ReadSet = {
    manifests,
    hooks: leftOut.filter(isHook),
    isTorn: problems.some(({ code }) => code !== "SW1106"),
    sources,
    ...(rendered === undefined ? {} : { rendered }),
  };
  return { set, problems, notices };
}
