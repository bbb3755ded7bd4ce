import { basename } from "node:path";
import { SeaworthyError, shellWord } from "@seaworthy/errors";
import type { ManifestSource } from "./manifest-source.ts";
import type { RunTool } from "./run-tool.ts";

/** A folder that another tool makes manifests from. */
export interface RenderedFolder {
  readonly tool: "kustomize" | "helm";
  /** As the user would write it. */
  readonly path: string;
}

/** The manifests of a folder that kustomize or Helm renders. Throws SW1006 without the tool, SW1008 when it fails. */
export async function renderFolder(
  folder: RenderedFolder,
  runTool: RunTool,
  command: string,
): Promise<ManifestSource> {
  for (const [tool, ...args] of commandsFor(folder)) {
    const result = await runTool(tool, args);
    if (result === undefined) continue;
    const name = [tool, ...args].map(shellWord).join(" ");
    if (result.exitCode === 0) return { name, text: result.stdout, isNamed: true };
    throw new SeaworthyError("SW1008", `${name} failed with exit code ${result.exitCode}`, {
      why: `${folder.path} is ${whatItIs[folder.tool]}, and its manifests come from that command`,
      seen: lastLines(result.stderr || result.stdout),
      next: [`make it succeed: ${name}`, `or pipe what you render yourself: … | seaworthy ${command} -`],
    });
  }
  const pipe = `${commandsFor(folder)[0]!.map(shellWord).join(" ")} | seaworthy ${command} -`;
  throw new SeaworthyError("SW1006", `${folder.path} is ${whatItIs[folder.tool]}: ${pipe}`, {
    why: "what lies in it becomes manifests only when that tool renders it, and it is not installed here",
    next: [pipe, `or install ${folder.tool === "helm" ? "helm" : "kubectl"}: it is then called by itself`],
  });
}

/** What a folder is, for people. */
export const whatItIs: Readonly<Record<RenderedFolder["tool"], string>> = {
  kustomize: "a kustomize overlay or base",
  helm: "a Helm chart",
};

function commandsFor({ tool, path }: RenderedFolder): [tool: string, ...args: string[]][] {
  if (tool === "helm") return [["helm", "template", releaseName(path), path]];
  return [
    ["kubectl", "kustomize", path],
    ["kustomize", "build", path],
  ];
}

/** Helm wants a DNS name of at most 53 characters. */
function releaseName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 53);
  return name === "" ? "release" : name;
}

const mostLines = 8;

function lastLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-mostLines)
    .map((line) => line.slice(0, 300));
}
