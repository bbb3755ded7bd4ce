import { stringify } from "yaml";
import { yamlOptions } from "./yaml-options.ts";

/** A value as YAML, with the keys of maps in order, as Kubernetes writes them. `parseYaml` reads the same value back. */
export function formatYaml(value: unknown): string {
  return stringify(value, {
    ...yamlOptions,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}
