import type { ManifestSource } from "@seaworthy/app";
import { EditableYaml } from "@seaworthy/kube";

/** A file before and after, in pieces that belong to each other. */
export interface FixedFile {
  readonly source: ManifestSource;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Files as texts that can be edited, by their names. */
export interface OpenFiles {
  readonly texts: ReadonlyMap<string, EditableYaml>;
  /** Those that are different by now. */
  changed(): FixedFile[];
}

/** Opens what comes from files. What is rendered, or comes from stdin, cannot be written back. */
export function openFiles(sources: readonly ManifestSource[]): OpenFiles {
  const opened = sources
    .filter(({ path }) => path !== undefined)
    .map((source) => ({ source, yaml: new EditableYaml(source.text) }));
  return {
    texts: new Map(opened.map(({ source, yaml }) => [source.name, yaml])),
    changed: () =>
      opened
        .filter(({ source, yaml }) => yaml.toString() !== source.text)
        .map(({ source, yaml }) => ({
          source,
          before: new EditableYaml(source.text).pieces,
          after: yaml.pieces,
        })),
  };
}
