import type { FastifyInstance } from "fastify";
import { addOperation, jsonContent, type Operation } from "../openapi/operation.ts";

/** A mounted ConfigMap or Secret as it is in use. */
export interface MountedFolder {
  readonly path: string;
  /** Whether the folder is a Secret, of which only the names of the files are shown. */
  readonly isSecret: boolean;
  readonly generation: {
    /** A hash of its names and contents. */
    readonly id: string;
    /** 1 for the first one of this process. */
    readonly number: number;
    readonly loadedAt: Date;
  };
  readonly files: ReadonlyMap<string, Buffer>;
  /** Why the files as they are now are not in use. */
  readonly lastError: Error | undefined;
}

/** The mounted folders. */
export interface ConfigParts {
  readonly mountedFolders: () => readonly MountedFolder[];
}

/** How much of a file is shown. */
const maxShownBytes = 64 * 1024;

/** Shows the configuration that is in effect: /configs. */
export function configRoutes(app: FastifyInstance, { mountedFolders }: ConfigParts): void {
  addOperation(app, configsOperation, () => ({ folders: mountedFolders().map(describe) }));
}

function describe({ path, isSecret, generation, files, lastError }: MountedFolder): object {
  const { id, number, loadedAt } = generation;
  const names = [...files.keys()].sort();
  const common = { path, isSecret, generation: number, loadedAt, lastError: lastError?.message };
  // A short secret could be guessed by its length or by the hash of its folder.
  if (isSecret) return { ...common, files: names.map((name) => ({ name })) };
  return { ...common, id, files: names.map((name) => describeFile(name, files.get(name)!)) };
}

function describeFile(name: string, bytes: Buffer): object {
  const shown = bytes.subarray(0, maxShownBytes);
  const cut = bytes.length > maxShownBytes ? { truncated: true } : {};
  return { name, bytes: bytes.length, content: shown.toString("utf8"), ...cut };
}

const configsOperation: Operation = {
  method: "GET",
  url: "/configs",
  summary: "The mounted configuration that is in effect, with its generation; of Secrets only names",
  group: "About",
  answers: { 200: jsonContent("Folders and files") },
};
