import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";

/** The licenses of the packages whose code is in a bundle, as they ask to be repeated in copies; empty when there are none. */
export function thirdPartyNotices({ outputs }: Metafile, root: string): string {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  return [...folders]
    .sort()
    .map((folder) => noticeOf(path.join(root, folder)))
    .join("\n");
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  ) as Record<string, string>;
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined || !existsSync(path.join(folder, file)))
    throw new Error(
      `${name} ${version} (${license}) has no file of its license, which must go with its code`,
    );
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), "utf8").trim()}\n`;
}
