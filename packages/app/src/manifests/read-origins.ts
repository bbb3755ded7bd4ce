import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, parseDocuments, type Manifest } from "@seaworthy/kube";
import { parse } from "yaml";
import { kustomizationNames } from "./find-files.ts";
import { shortName } from "../short-name.ts";

/** An object in a file of which kustomize makes another one. */
export interface Origin {
  readonly manifest: Manifest;
  /** Whether it changes an object that is written elsewhere. */
  readonly isPatch: boolean;
}

/** No overlay is made of more; one that names itself ends here. */
const mostFiles = 1_000;

/**
 * The objects in the files behind a kustomization and those that it builds on, patches behind what they change. What is
 * not in a file here, because it is somewhere else, generated or written into the kustomization, is not among them.
 */
export async function readOrigins(folder: string, cwd: string): Promise<Origin[]> {
  const seen = new Set<string>();
  const read = async (path: string, isPatch: boolean): Promise<Origin[]> => {
    if (seen.has(path) || seen.size >= mostFiles) return [];
    seen.add(path);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() === true) return await ofKustomization(path, read);
    const text = stats === undefined ? "" : await readFile(path, "utf8").catch(() => "");
    return parseDocuments(shortName(path, cwd), text).manifests.map((manifest) => ({ manifest, isPatch }));
  };
  return await read(folder, false);
}

async function ofKustomization(
  folder: string,
  read: (path: string, isPatch: boolean) => Promise<Origin[]>,
): Promise<Origin[]> {
  const found: Origin[] = [];
  for (const name of kustomizationNames) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    const { resources, patches } = filesIn(text === undefined ? undefined : parsed(text));
    for (const each of resources) found.push(...(await read(join(folder, each), false)));
    for (const each of patches) found.push(...(await read(join(folder, each), true)));
  }
  return found;
}

/** What kustomize says of a file that cannot be read is told already. */
function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function filesIn(kustomization: unknown): { readonly resources: string[]; readonly patches: string[] } {
  if (!isJsonObject(kustomization)) return { resources: [], patches: [] };
  const listed = (...fields: string[]) =>
    fields.flatMap((field) =>
      Array.isArray(kustomization[field]) ? (kustomization[field] as unknown[]) : [],
    );
  const pathOf = (each: unknown) => (isJsonObject(each) ? each["path"] : each);
  return {
    resources: listed("resources", "bases", "components").filter(isPath),
    patches: listed("patchesStrategicMerge", "patches").map(pathOf).filter(isPath),
  };
}

/** A patch may be written out in place of its path, and a base may be an address. */
function isPath(each: unknown): each is string {
  return typeof each === "string" && !/\n|:\/\//.test(each);
}
