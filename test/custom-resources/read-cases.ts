import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { CustomResourceDefinition, JsonObject } from "@seaworthy/kube";
import type { Case, Step } from "./ask-steps.ts";

/** The definitions that the cases need. */
export function readDefinitions(): CustomResourceDefinition[] {
  return readAll(`${import.meta.dirname}/definitions.yaml`) as CustomResourceDefinition[];
}

/** Every case of `cases.yaml`. */
export function readCases(): Case[] {
  const [groups = {}] = readAll(`${import.meta.dirname}/cases.yaml`) as [
    Record<string, Record<string, unknown>>,
  ];
  return Object.entries(groups).flatMap(([of, cases]) =>
    Object.entries(cases).map(([name, written]) => ({
      name: `${of}: ${name}`,
      of,
      steps: stepsOf(of, written),
    })),
  );
}

/** A case is a spec to be created, or a list of steps; a step names its method and its object or patch. */
function stepsOf(of: string, written: unknown): Step[] {
  if (!Array.isArray(written))
    return [
      { method: "POST", body: objectOf(of, written as JsonObject), query: { fieldValidation: "Warn" } },
    ];
  return written.map((step: JsonObject) => {
    const { create, ...rest } = step;
    if (create !== undefined)
      return { method: "POST", body: objectOf(of, create as JsonObject), ...rest } as Step;
    return { method: "GET", ...rest } as Step;
  });
}

const kinds: Readonly<Record<string, readonly [string, string]>> = {
  boats: ["cases.example.com/v1", "Boat"],
  rules: ["cases.example.com/v1", "Rule"],
  rafts: ["cases.example.com/v1", "Raft"],
  "rafts v1beta1": ["cases.example.com/v1beta1", "Raft"],
  "rafts v1alpha1": ["cases.example.com/v1alpha1", "Raft"],
  "rafts v0": ["cases.example.com/v0", "Raft"],
};

/** A whole object is written with a `kind`, and a definition with its `spec`; all else is the spec of an object. */
function objectOf(of: string, written: JsonObject): JsonObject {
  if (of === "crd") return definitionOf(written);
  if ("kind" in written) return written;
  const [apiVersion = "", kind = ""] = kinds[of] ?? [];
  return { apiVersion, kind, metadata: { name: "r1" }, spec: written };
}

/** Changes to a small definition: `spec` fields, or fields of its only version. */
function definitionOf(written: JsonObject): JsonObject {
  const { metadata = {}, version = {}, schema, ...spec } = written as Record<string, JsonObject>;
  const only = {
    name: "v1",
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema ?? { type: "object" } },
    ...version,
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.made.example.com", ...metadata },
    spec: {
      group: "made.example.com",
      scope: "Namespaced",
      names: { plural: "things", kind: "Thing" },
      versions: [only],
      ...spec,
    },
  };
}

function readAll(path: string): JsonObject[] {
  const documents = parseAllDocuments(readFileSync(path, "utf8"));
  return documents.map((document) => document.toJS() as JsonObject);
}
