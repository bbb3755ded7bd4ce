import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SeaworthyError, shellWord } from "@seaworthy/errors";
import { parseAllDocuments, visit } from "yaml";
import type { FoundFiles } from "./find-files.ts";
import { isKustomization, kustomizationNames } from "./find-files.ts";
import { whatItIs, type RenderedFolder } from "./render-folder.ts";

/** What a folder holds: manifests as they are, and folders that kustomize or Helm renders, each a set for itself. */
export interface FolderSets {
  /** Files that no kustomization uses. */
  readonly plain: readonly string[];
  /** Those that no other one builds on. */
  readonly rendered: readonly { readonly tool: RenderedFolder["tool"]; readonly folder: string }[];
}

/** Tells the sets of a folder apart. A base that an overlay builds on is part of the overlay. */
export async function folderSets(found: FoundFiles): Promise<FolderSets> {
  const used = new Set<string>();
  for (const folder of found.kustomizations) for (const path of await usedBy(folder)) used.add(path);
  const folders = new Set(found.kustomizations);
  const isUsed = (path: string) => used.has(path);
  return {
    plain: found.manifests.filter((file) => !isUsed(file) && !folders.has(dirname(file))),
    rendered: [
      ...found.kustomizations
        .filter((each) => !isUsed(each))
        .map((folder) => ({ tool: "kustomize" as const, folder })),
      ...found.charts.filter((each) => !isUsed(each)).map((folder) => ({ tool: "helm" as const, folder })),
    ],
  };
}

/** Every path that a kustomization mentions, wherever in it: resources, components, patches, generators. */
async function usedBy(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const name of kustomizationNames) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const documents = parseAllDocuments(text);
    for (const document of Array.isArray(documents) ? documents : []) {
      visit(document, {
        Scalar(_, node) {
          if (typeof node.value === "string" && !node.value.includes("\n"))
            // `configMapGenerator.files` has `key=path`.
            paths.push(join(folder, node.value.slice(node.value.indexOf("=") + 1)).replace(/\/$/, ""));
        },
      });
    }
  }
  return paths.filter((path) => path !== folder && !isKustomization(path));
}

const mostListed = 8;

/** Says which sets there are and how to choose one: taking all of them would apply the same objects twice. */
export function severalSets(
  path: string,
  plain: readonly string[],
  rendered: readonly RenderedFolder[],
  command: string,
): SeaworthyError {
  const files =
    plain.length === 0
      ? []
      : [`manifests as they are: ${plain.slice(0, 3).join(", ")}${plain.length > 3 ? " …" : ""}`];
  const sets = [...rendered.map((each) => `${each.path} is ${whatItIs[each.tool]}`), ...files];
  return new SeaworthyError(
    "SW1007",
    `${path} holds ${sets.length} sets of manifests, and a cluster takes one of them`,
    {
      why: "overlays, charts and files in one folder are mostly variants of the same objects",
      seen: [
        ...sets.slice(0, mostListed),
        ...(sets.length > mostListed ? [`and ${sets.length - mostListed} more`] : []),
      ],
      next: [
        ...rendered.slice(0, mostListed).map((each) => `seaworthy ${command} ${shellWord(each.path)}`),
        ...(plain.length === 0
          ? []
          : [
              `seaworthy ${command} ${plain.slice(0, mostListed).map(shellWord).join(" ")}${plain.length > mostListed ? " …" : ""}`,
            ]),
      ],
    },
  );
}
