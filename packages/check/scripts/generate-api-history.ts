/**
 * Writes src/rules/schema/api-history.generated.json from Kubernetes' Go source: when each kind came in each version of its
 * API, when it was deprecated, when it goes, and what to use instead.
 *
 * usage: node packages/check/scripts/generate-api-history.ts $(go env GOMODCACHE)/k8s.io/{api,apiextensions-apiserver}@v0.36.3
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import type { ApiHistory } from "../src/rules/schema/api-versions.ts";

/** The groups whose folder is not called as they are. */
const groups: Readonly<Record<string, string>> = {
  admissionregistration: "admissionregistration.k8s.io",
  apiextensions: "apiextensions.k8s.io",
  authentication: "authentication.k8s.io",
  authorization: "authorization.k8s.io",
  certificates: "certificates.k8s.io",
  coordination: "coordination.k8s.io",
  core: "",
  discovery: "discovery.k8s.io",
  events: "events.k8s.io",
  flowcontrol: "flowcontrol.apiserver.k8s.io",
  networking: "networking.k8s.io",
  node: "node.k8s.io",
  rbac: "rbac.authorization.k8s.io",
  resource: "resource.k8s.io",
  scheduling: "scheduling.k8s.io",
  storage: "storage.k8s.io",
  storagemigration: "storagemigration.k8s.io",
};

/** Those whose Go types are gone, or are elsewhere: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const history: Record<string, ApiHistory[string]> = {
  "apiregistration.k8s.io/v1beta1/APIService": ["1.7", "1.19", "1.22", "apiregistration.k8s.io/v1"],
  "autoscaling/v2beta1/HorizontalPodAutoscaler": ["1.8", "1.22", "1.25", "autoscaling/v2"],
  "autoscaling/v2beta2/HorizontalPodAutoscaler": ["1.12", "1.23", "1.26", "autoscaling/v2"],
  "policy/v1beta1/PodSecurityPolicy": ["1.10", "1.21", "1.25"],
};

for (const folder of process.argv.slice(2)) {
  for (const file of globSync(`${folder}/**/zz_generated.prerelease-lifecycle.go`)) {
    const [, name = "", version = ""] = /([^/]+)\/([^/]+)\/[^/]+$/.exec(file) ?? [];
    const group = groups[name] ?? name;
    const kinds = new Map<string, Record<string, string>>();
    const functions = readFileSync(file, "utf8").matchAll(
      /func \(in \*(\w+)\) APILifecycle(\w+)\(\)[^{]*\{\n\treturn ([^\n]+)/g,
    );
    for (const [, kind = "", what = "", returned = ""] of functions) {
      if (kind.endsWith("List") || !/^[A-Z]/.test(kind)) continue;
      kinds.set(kind, { ...kinds.get(kind), [what]: returned });
    }
    for (const [kind, { Introduced = "", Deprecated, Removed, Replacement }] of kinds) {
      const apiVersion = group === "" ? version : `${group}/${version}`;
      const [, to = "", toVersion = ""] =
        /Group: "([^"]*)", Version: "([^"]*)"/.exec(Replacement ?? "") ?? [];
      const line = [release(Introduced), release(Deprecated), release(Removed), instead(to, toVersion)];
      while (line.at(-1) === "") line.pop();
      history[`${apiVersion}/${kind}`] = line;
    }
  }
}

function release(returned = ""): string {
  return returned.replace(", ", ".");
}

function instead(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

const lines = Object.entries(history)
  .toSorted(([left], [right]) => (left < right ? -1 : 1))
  .map(([name, line]) => `${JSON.stringify(name)}:${JSON.stringify(line)}`);
writeFileSync(
  new URL("../src/rules/schema/api-history.generated.json", import.meta.url),
  `{\n${lines.join(",\n")}\n}\n`,
);
