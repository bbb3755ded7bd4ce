import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { settingsFile } from "../settings/read-settings.ts";

/** What lies in a folder and the folders in it. */
export interface FoundFiles {
  /** Files that may hold manifests as they are. */
  readonly manifests: string[];
  /** Folders with a kustomization. */
  readonly kustomizations: string[];
  /** Folders of Helm charts. What lies in them is not looked at. */
  readonly charts: string[];
  /** Files of languages that make manifests. */
  readonly programs: string[];
}

/** Folders that never hold manifests meant for a cluster. */
const skippedFolders = new Set(["node_modules", ".git", ".seaworthy"]);
const mostFiles = 1_000;

/** Looks through a folder, in the order of names. */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const found: FoundFiles = { manifests: [], kustomizations: [], charts: [], programs: [] };
  await look(folder, folder, found);
  return found;
}

async function look(folder: string, top: string, found: FoundFiles): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.includes("Chart.yaml")) return void found.charts.push(folder);
  if (files.some((name) => isKustomization(name))) found.kustomizations.push(folder);
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) await look(path, top, found);
    else if (entry.isFile() && isManifestFile(entry.name)) found.manifests.push(path);
    else if (entry.isFile() && isProgram(entry.name)) found.programs.push(path);
  }
  if (found.manifests.length <= mostFiles) return;
  throw new SeaworthyError("SW1003", `${top} holds more than ${mostFiles} files`, {
    next: ["give the folder of the manifests"],
  });
}

/** What kustomize's own file in a folder may be called. */
export const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Whether a file makes its folder one of kustomize's. */
export function isKustomization(name: string): boolean {
  return kustomizationNames.includes(basename(name));
}

/** Whether a file is a program that prints manifests. */
export function isProgram(name: string): boolean {
  return /\.(?:jsonnet|libsonnet|cue)$/.test(name);
}

function isManifestFile(name: string): boolean {
  return (
    /\.(?:ya?ml|json)$/.test(name) &&
    name !== settingsFile &&
    !isKustomization(name) &&
    !/^(?:package(?:-lock)?|tsconfig.*|jsonnetfile(?:\.lock)?)\.json$/.test(name) &&
    !/^values\.ya?ml$/.test(name)
  );
}
