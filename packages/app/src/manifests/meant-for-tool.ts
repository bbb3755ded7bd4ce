import { dirname, extname } from "node:path";
import { SeaworthyError, shellWord, type Place } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import type { ManifestSource } from "./manifest-source.ts";

/** Says which command makes manifests from a program in Jsonnet or CUE. */
export function programError(file: string, command: string): SeaworthyError {
  const folder = dirname(file);
  const [language, render] =
    extname(file) === ".cue"
      ? ["CUE", `cue export ${shellWord(folder === "." ? "." : `./${folder}`)} --out yaml`]
      : ["Jsonnet", `jsonnet -y ${shellWord(file)}`];
  return new SeaworthyError("SW1006", `${file} is a program in ${language}, no manifest`, {
    why: `${language} prints the manifests when it is run`,
    next: [`${render} | seaworthy ${command} -`],
  });
}

/**
 * Says that a text which is no YAML is a template, when that is why: a program must fill it in before Kubernetes can read
 * it. Braces elsewhere, in the text of an alert for example, leave the parser's own error as it is.
 */
export function templateError(
  source: ManifestSource,
  broken: SeaworthyError,
  command: string,
): SeaworthyError | undefined {
  const at = broken.details.place?.line ?? 0;
  const lines = source.text.split("\n").map((line) => line.replace(/\r$/, ""));
  const isNear = (index: number) => index + 1 === at || index + 2 === at;
  const index = lines.findIndex(
    (line, each) => helmTemplate.test(line) || (isNear(each) && goTemplate.test(line.replace(/^\s*#.*/, ""))),
  );
  if (index < 0) return undefined;
  const sourceLine = lines[index]!;
  const column = sourceLine.search(goTemplate) + 1;
  const length = goTemplate.exec(sourceLine)?.[0].length ?? 1;
  const place = { file: source.name, line: index + 1, column, length, sourceLine };
  return template(source.name, place, command);
}

const goTemplate = /\{\{.*?(?:\}\}|$)/;
/** What only a chart has: its own objects, or a line that is nothing but an instruction. */
const helmTemplate = /\{\{.*?[.$](?:Values|Release|Chart|Capabilities)\b|^\{\{/;

/** The same for a manifest that is good YAML, with a placeholder where a version, a name or an image must stand. */
export function placeholderError(manifest: Manifest, command: string): SeaworthyError | undefined {
  const { metadata, kind, apiVersion } = manifest.object;
  const fields: [path: (string | number)[], value: unknown][] = [
    [["apiVersion"], apiVersion],
    [["kind"], kind],
    [["metadata", "name"], metadata.name],
    [["metadata", "namespace"], metadata.namespace],
    ...imagesOf(manifest.object),
  ];
  for (const [path, value] of fields) {
    if (typeof value !== "string") continue;
    if (value.includes("{{")) return template(manifest.file, manifest.locate(path), command);
    if (/\$\{\w+\}|^\$\w+$/.test(value)) return variable(manifest.file, manifest.locate(path), command);
  }
  return undefined;
}

function imagesOf(object: Manifest["object"]): [path: (string | number)[], value: unknown][] {
  const spec = object["spec"] as { template?: { spec?: { containers?: unknown } } } | undefined;
  const containers = spec?.template?.spec?.containers;
  if (!Array.isArray(containers)) return [];
  return containers.map((container: { image?: unknown } | null, index) => [
    ["spec", "template", "spec", "containers", index, "image"],
    container?.image,
  ]);
}

function template(file: string, place: Place, command: string): SeaworthyError {
  const chart = /^(.*?)\/?templates\//.exec(file)?.[1];
  const render =
    chart === undefined || chart === ""
      ? `helm template NAME CHART | seaworthy ${command} -`
      : `seaworthy ${command} ${shellWord(chart)}`;
  return new SeaworthyError("SW1006", `${file} is a template, no manifest`, {
    place: { ...place, label: "filled in by a program such as Helm" },
    why: "Kubernetes does not know {{ … }}: whoever renders the template puts a value there",
    next: [render, "or leave this file out, if it is not meant for Kubernetes"],
  });
}

function variable(file: string, place: Place, command: string): SeaworthyError {
  return new SeaworthyError("SW1006", `${file} has a variable that is not filled in`, {
    place: { ...place, label: "Kubernetes takes this as it is written" },
    why: "neither Kubernetes nor kubectl replaces ${NAME} in a manifest: envsubst, a CI job or a tool of your own does",
    next: [`envsubst < ${shellWord(file)} | seaworthy ${command} -`],
  });
}
