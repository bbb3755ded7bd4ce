import { readFile, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import { folderSets, severalSets } from "./choose-set.ts";
import { findFiles, isKustomization, isProgram, type FoundFiles } from "./find-files.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { programError } from "./meant-for-tool.ts";
import { renderFolder, type RenderedFolder } from "./render-folder.ts";
import type { RunTool } from "./run-tool.ts";

export interface SourceOptions {
  readonly cwd: string;
  /** The command that asks, for messages. */
  readonly command: "check" | "size" | "trial" | "up";
  readonly stdin: () => Promise<string>;
  readonly runTool: RunTool;
}

/** The texts behind some paths, and a notice for what was rendered without being named. */
export interface Sources {
  readonly sources: readonly ManifestSource[];
  readonly notices: readonly Notice[];
}

/**
 * Reads files, folders, `-` (stdin), and folders that kustomize or Helm renders. `hasObjects` tells whether a text is for
 * Kubernetes: beside an overlay or a chart, other files are no set of manifests.
 */
export async function readSources(
  paths: readonly string[],
  options: SourceOptions,
  hasObjects: (source: ManifestSource) => boolean,
): Promise<Sources> {
  const sources: ManifestSource[] = [];
  const notices: Notice[] = [];
  for (const path of new Set(paths.map((each) => (each === "-" ? each : resolve(options.cwd, each))))) {
    const found = await readPath(path, options, hasObjects);
    sources.push(...found.sources.filter(({ name }) => !sources.some((each) => each.name === name)));
    notices.push(...found.notices);
  }
  return { sources, notices };
}

async function readPath(
  path: string,
  options: SourceOptions,
  hasObjects: (source: ManifestSource) => boolean,
): Promise<Sources> {
  const { cwd, command, stdin } = options;
  const alone = (source: ManifestSource): Sources => ({ sources: [source], notices: [] });
  if (path === "-") return alone({ name: "<stdin>", text: await stdin(), isNamed: true });
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  const name = shortName(path, cwd);
  if (!stats.isDirectory()) {
    if (isKustomization(path)) return alone(await render("kustomize", dirname(path), options));
    if (basename(path) === "Chart.yaml") return alone(await render("helm", dirname(path), options));
    if (isProgram(path)) throw programError(name, command);
    return alone(await readSource(path, true, cwd));
  }
  const found = await findFiles(path);
  if (found.charts.includes(path)) return alone(await render("helm", path, options));
  if (found.kustomizations.includes(path)) return alone(await render("kustomize", path, options));
  return await readFolder(name, found, options, hasObjects);
}

async function readFolder(
  name: string,
  found: FoundFiles,
  options: SourceOptions,
  hasObjects: (source: ManifestSource) => boolean,
): Promise<Sources> {
  const { cwd, command } = options;
  const sets = await folderSets(found);
  const files = await Promise.all(sets.plain.map((file) => readSource(file, false, cwd)));
  const plain = files.filter((file) => hasObjects(file)).map((file) => file.name);
  const [first, ...others] = sets.rendered;
  if (first === undefined) {
    if (plain.length === 0 && found.programs.length > 0)
      throw programError(shortName(found.programs[0]!, cwd), command);
    return { sources: files, notices: [] };
  }
  const folders = sets.rendered.map(({ tool, folder }): RenderedFolder => ({
    tool,
    path: shortName(folder, cwd),
  }));
  if (plain.length + others.length > 0) throw severalSets(name, plain, folders, command);
  const source = await render(first.tool, first.folder, options);
  return { sources: [source], notices: [{ text: `the manifests are those of \`${source.name}\`` }] };
}

/** The text that a tool makes of a folder. */
export async function render(
  tool: RenderedFolder["tool"],
  folder: string,
  { cwd, runTool, command }: SourceOptions,
): Promise<ManifestSource> {
  return await renderFolder({ tool, path: shortName(folder, cwd) }, runTool, command);
}

/** The text of a file; `isNamed` when a user named it. */
export async function readSource(path: string, isNamed: boolean, cwd: string): Promise<ManifestSource> {
  try {
    return { name: shortName(path, cwd), text: await readFile(path, "utf8"), isNamed, path };
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

/** The error for a path that is not there, or not for this user to read. */
export function unreadable(path: string, error: NodeJS.ErrnoException): SeaworthyError {
  const reason = error.code === "ENOENT" ? "it does not exist" : error.message;
  return new SeaworthyError("SW1003", `${path} cannot be read: ${reason}`, {
    next: ["check the path"],
    cause: error,
  });
}

/** A path as it would be typed in the current folder. */
export function shortName(path: string, cwd: string): string {
  const short = relative(cwd, path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}
