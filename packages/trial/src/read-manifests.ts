import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import { checkManifest, parseManifests, type Manifest } from "@seaworthy/kube";
import { findRelationProblems } from "./check-relations.ts";
import { settingsFile } from "./read-settings.ts";

export interface ReadManifestsOptions {
  readonly cwd: string;
  /** Let kinds of CustomResourceDefinitions pass: a real cluster may serve them. */
  readonly allowCustomKinds: boolean;
}

/** Folders that never hold manifests meant for a cluster. */
const skippedFolders = new Set(["node_modules", ".git", ".seaworthy"]);
const mostFiles = 1_000;

/**
 * Reads and checks every manifest in files and folders (`*.yaml`, `*.yml`, `*.json`; `seaworthy.yaml` apart).
 * Rejects with one `SeaworthyError`, or with an AggregateError of them when several things are wrong.
 */
export async function readManifests(
  paths: readonly string[],
  options: ReadManifestsOptions,
): Promise<Manifest[]> {
  const files = [
    ...new Set((await Promise.all(paths.map((path) => findFiles(resolve(options.cwd, path), true)))).flat()),
  ];
  if (files.length === 0) {
    throw new SeaworthyError("SW1004", `no manifests in ${paths.join(", ")}`, {
      seen: ["no file ends in .yaml, .yml or .json"],
      next: ["give the file or folder with your Kubernetes manifests: seaworthy trial k8s/"],
    });
  }
  const problems: SeaworthyError[] = [];
  const manifests: Manifest[] = [];
  for (const file of files) {
    try {
      manifests.push(
        ...parseManifests(shortName(file, options.cwd), await readFile(file, "utf8")).filter((each) =>
          isForKubernetes(each, file),
        ),
      );
    } catch (error) {
      if (!(error instanceof SeaworthyError)) throw error;
      // A folder may hold other YAML and JSON beside the manifests; a file that was named is meant.
      if (error.code !== "SW1106" || isNamed(file, paths, options.cwd)) problems.push(error);
    }
  }
  problems.push(
    ...manifests.flatMap((manifest) =>
      checkManifest(manifest).filter((problem) => !isAllowed(problem, manifest, options)),
    ),
  );
  if (problems.length === 0 && manifests.length === 0) throw noObjects(paths, files.length);
  if (problems.length === 0) problems.push(...findRelationProblems(manifests));
  if (problems.length === 1) throw problems[0]!;
  if (problems.length > 1) throw new AggregateError(problems, `${problems.length} problems`);
  return manifests;
}

async function findFiles(path: string, named: boolean): Promise<string[]> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new SeaworthyError(
      "SW1003",
      `${path} cannot be read: ${error.code === "ENOENT" ? "it does not exist" : error.message}`,
      {
        next: ["check the path"],
        cause: error,
      },
    );
  });
  if (!stats.isDirectory()) return named || isManifestFile(path) ? [path] : [];
  const entries = await readdir(path, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    if (entry.isDirectory() && !skippedFolders.has(entry.name))
      found.push(...(await findFiles(join(path, entry.name), false)));
    else if (entry.isFile() && isManifestFile(entry.name)) found.push(join(path, entry.name));
    if (found.length > mostFiles)
      throw new SeaworthyError("SW1003", `${path} holds more than ${mostFiles} files`, {
        next: ["give the folder of the manifests"],
      });
  }
  return found;
}

function isManifestFile(name: string): boolean {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return (
    /\.(?:ya?ml|json)$/.test(base) &&
    base !== settingsFile &&
    !/^(?:package(?:-lock)?|tsconfig.*)\.json$/.test(base)
  );
}

/** Kustomize and Helm keep files beside manifests that look like objects and are none for the API server. */
function isForKubernetes({ object }: Manifest, file: string): boolean {
  return (
    !object.apiVersion.startsWith("kustomize.config.k8s.io/") &&
    !/\/(?:kustomization|Chart|values)\.ya?ml$/.test(file)
  );
}

function isNamed(file: string, paths: readonly string[], cwd: string): boolean {
  return paths.some((path) => resolve(cwd, path) === file);
}

function isAllowed(
  problem: SeaworthyError,
  { object }: Manifest,
  { allowCustomKinds }: ReadManifestsOptions,
): boolean {
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0]! : "";
  return problem.code === "SW1104" && allowCustomKinds && group.includes(".");
}

function noObjects(paths: readonly string[], files: number): SeaworthyError {
  return new SeaworthyError("SW1004", `no Kubernetes object in ${paths.join(", ")}`, {
    seen: [`${files} file${files === 1 ? "" : "s"}, none with an object`],
    next: ["give the file or folder with your Kubernetes manifests"],
  });
}

function shortName(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith("..") ? file : short;
}
