import type { SeaworthyError } from "@seaworthy/errors";
import { parseDocuments, type Manifest } from "@seaworthy/kube";
import type { ManifestSource } from "./manifest-source.ts";
import { templateError } from "./meant-for-tool.ts";

/** The objects in texts, and what is wrong with those documents that cannot be read. */
export function parseSources(
  sources: readonly ManifestSource[],
  command: string,
): { manifests: Manifest[]; problems: SeaworthyError[] } {
  const manifests: Manifest[] = [];
  const problems: SeaworthyError[] = [];
  for (const source of sources) {
    const parsed = parseDocuments(source.name, source.text);
    manifests.push(...parsed.manifests.filter((each) => !isForKustomize(each)));
    // A folder may hold other YAML and JSON beside the manifests; a file that was named is meant.
    const own = parsed.problems.filter(({ code }) => code !== "SW1106" || source.isNamed);
    const template = own
      .map((error) => templateError(source, error, command))
      .find((each) => each !== undefined);
    // All that is wrong with a template is wrong because it is one.
    problems.push(...(template === undefined ? own : [template]));
  }
  return { manifests, problems };
}

/** Components, generators and transformers look like objects and are none for the API server. */
function isForKustomize({ object }: Manifest): boolean {
  return object.apiVersion.startsWith("kustomize.config.k8s.io/");
}
