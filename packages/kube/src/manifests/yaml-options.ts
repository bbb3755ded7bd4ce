import { Buffer } from "node:buffer";
import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from "yaml";

/**
 * Reads YAML as Kubernetes' own reader does (sigs.k8s.io/yaml on go-yaml 2): YAML 1.1, where `yes` and `on`
 * are booleans and 0644 is octal, except that dates and 12:30:45 stay strings and 0o644 is a number too.
 */
export const yamlOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  // Duplicate keys are found afterwards, so that the error can name both places.
  uniqueKeys: false,
  prettyErrors: false,
  customTags: (tags: Tags) => [...tags.filter((tag) => !isReplaced(tag)), octal, binary],
};

const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  format: "OCT",
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => {
    const value = Number.parseInt(text.replace(/[-+_]|0o/g, ""), 8);
    return text.startsWith("-") ? -value : value;
  },
};

const binary: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (text) => Buffer.from(text, "base64").toString("utf8"),
};

function isReplaced(tag: Tags[number]): boolean {
  if (typeof tag === "string") return tag === "timestamp" || tag === "binary";
  const isTime = "format" in tag && tag.format === "TIME";
  return isTime || /:(timestamp|binary)$/.test(tag.tag);
}
