import { readFile, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { settingsFile } from "../settings/read-settings.ts";
import { shortName } from "../short-name.ts";
import { unreadable } from "../unreadable.ts";
import { folderSets } from "./choose-set.ts";
import { findFiles, isKustomization, isProgram } from "./find-files.ts";
import type { ManifestSource } from "./manifest-source.ts";
import { programError } from "./meant-for-tool.ts";
import { parseSources } from "./parse-sources.ts";
import { renderFolder, type RenderedFolder } from "./render-folder.ts";
import type { RunTool } from "./run-tool.ts";

export interface SourceOptions {
  readonly cwd: string;
  /** The command that asks, for messages. */
  readonly command: "check" | "size" | "trial" | "up";
  readonly stdin: () => Promise<string>;
  readonly runTool: RunTool;
}

/** What lies behind a path: texts as they are, and folders that kustomize or Helm renders, each a set for itself. */
export interface FoundSources {
  readonly plain: readonly ManifestSource[];
  readonly folders: readonly RenderedFolder[];
  /** What the path itself is, where it is a chart or an overlay. Whoever wants one set means this one, whatever lies below. */
  readonly own?: RenderedFolder;
}

/**
 * Finds what lies behind a path: a file, a folder (`*.yaml`, `*.yml`, `*.json`; `seaworthy.yaml` apart), a chart, a
 * kustomization, or stdin (`-`). Nothing is rendered yet.
 */
export async function findSources(
  path: string,
  { cwd, command, stdin }: SourceOptions,
): Promise<FoundSources> {
  if (path === "-") return { plain: [{ name: "<stdin>", text: await stdin(), isNamed: true }], folders: [] };
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shortName(path, cwd), error);
  });
  const rendered = (tool: RenderedFolder["tool"], folder: string): RenderedFolder => ({
    tool,
    path: shortName(folder, cwd),
  });
  if (!stats.isDirectory()) {
    // A shell's `*.yaml` names it among the manifests.
    if (basename(path) === settingsFile) return { plain: [], folders: [] };
    if (isKustomization(path)) return only(rendered("kustomize", dirname(path)));
    if (basename(path) === "Chart.yaml") return only(rendered("helm", dirname(path)));
    if (isProgram(path)) throw programError(shortName(path, cwd), command);
    return { plain: [await readSource(path, true, cwd)], folders: [] };
  }
  const found = await findFiles(path);
  const sets = await folderSets(found);
  const plain = await Promise.all(sets.plain.map((file) => readSource(file, false, cwd)));
  const [program] = found.programs;
  if (program !== undefined && sets.rendered.length === 0 && !hasManifests(plain, command))
    throw programError(shortName(program, cwd), command);
  const folders = sets.rendered.map(({ tool, folder }) => rendered(tool, folder));
  if (found.charts.includes(path)) return { plain, folders, own: rendered("helm", path) };
  if (found.kustomizations.includes(path)) return { plain, folders, own: rendered("kustomize", path) };
  return { plain, folders };
}

function only(own: RenderedFolder): FoundSources {
  return { plain: [], folders: [own], own };
}

/** Whether a text is for Kubernetes: beside an overlay or a chart, other files are no manifests. */
export function hasObjects(source: ManifestSource, command: SourceOptions["command"]): boolean {
  return parseSources([source], command).manifests.length > 0;
}

/** Whether there are manifests among texts; one that cannot be read may be one, and what is wrong with it will be told. */
function hasManifests(sources: readonly ManifestSource[], command: SourceOptions["command"]): boolean {
  const { manifests, problems } = parseSources(sources, command);
  return manifests.length + problems.length > 0;
}

/** Every path once, as the file system has it. */
export function wholePaths(paths: readonly string[], cwd: string): ReadonlySet<string> {
  return new Set(paths.map((each) => (each === "-" ? each : resolve(cwd, each))));
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
    throw unreadable(shortName(path, cwd), error as NodeJS.ErrnoException);
  }
}
