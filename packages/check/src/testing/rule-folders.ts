import { globSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../rules");

/** The folder of each rule, by the rule's name. */
export const ruleFolders: ReadonlyMap<string, string> = new Map(
  globSync(`${folder}/*/*/fails-1.yaml`).map((file) => [basename(dirname(file)), dirname(file)]),
);

/** The files of all examples of all rules. */
export const exampleFiles: readonly string[] = globSync(`${folder}/*/*/{fails,passes}-*.yaml`).toSorted();
