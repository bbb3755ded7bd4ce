import { formatObjectName, type Ingress } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

const nginx = "nginx.ingress.kubernetes.io";

/** Paths that look like patterns and are none, and rewrites that ask for groups that there are not. */
export const ingressRegex = objectRule<Ingress>(
  {
    id: "ingress-regex",
    severity: "error",
    title: "the path of an Ingress is a pattern that nobody reads as one",
    kind: "Ingress",
    group: "networking.k8s.io",
    why: `With the types Exact and Prefix a path is text: \`/api/(.+)\` matches requests for exactly this, brackets included, so that users get
404. ingress-nginx reads it as a pattern when \`use-regex\` or a rewrite with groups says so, and newer ones only with
\`pathType: ImplementationSpecific\`. A rewrite to \`$2\` of a path with one group cuts the path off.`,
    mend: 'Write `pathType: ImplementationSpecific` and the annotation `nginx.ingress.kubernetes.io/use-regex: "true"`, or a plain path.',
    sources: [
      "https://github.com/kubernetes/ingress-nginx/issues/3931",
      "https://github.com/kubernetes/ingress-nginx/issues/3761",
      "https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/",
    ],
    profile: "default",
  },
  function* (manifest) {
    const { metadata, spec } = manifest.object;
    const { [`${nginx}/use-regex`]: usesRegex, [`${nginx}/rewrite-target`]: rewrite } =
      metadata.annotations ?? {};
    const name = formatObjectName(manifest.object);
    for (const [rule, { http }] of (spec.rules ?? []).entries())
      for (const [index, { path = "/", pathType }] of (http?.paths ?? []).entries()) {
        const at = ["spec", "rules", rule, "http", "paths", index];
        const isPattern = pattern.test(path);
        const groups = path.match(/\((?!\?)/g)?.length ?? 0;
        const wanted = Math.max(
          0,
          ...Array.from((rewrite ?? "").matchAll(/\$(\d)/g), ([, each]) => Number(each)),
        );
        if (isPattern && pathType !== "ImplementationSpecific")
          yield {
            path: [...at, "pathType"],
            message: `${name} has the pattern ${path}, which ${pathType} takes as text`,
            label: "a pattern needs ImplementationSpecific",
            next: [
              "pathType: ImplementationSpecific",
              ...(usesRegex === "true" ? [] : [`and the annotation ${nginx}/use-regex: "true"`]),
            ],
            fix: {
              isSafe: false,
              edits: [
                { manifest, path: [...at, "pathType"], op: "set", value: "ImplementationSpecific" },
                ...(usesRegex === "true" || !usesNginx(manifest.object)
                  ? []
                  : [
                      {
                        manifest,
                        path: ["metadata", "annotations", `${nginx}/use-regex`],
                        op: "set" as const,
                        value: "true",
                      },
                    ]),
              ],
            },
          };
        else if (isPattern && usesNginx(manifest.object) && usesRegex !== "true" && rewrite === undefined)
          yield {
            path: [...at, "path"],
            message: `${name} has the pattern ${path}, and does not tell ingress-nginx so`,
            label: "taken as text",
            next: [`annotation ${nginx}/use-regex: "true"`],
          };
        else if (rewrite !== undefined && wanted > groups)
          yield {
            path: [...at, "path"],
            message: `${name} rewrites to ${rewrite}, and ${path} has ${groups === 0 ? "no group" : `${groups} group${groups === 1 ? "" : "s"}`}`,
            label: `there is no $${wanted}`,
            next: [
              groups === 0
                ? `write ${path.replace(/\/$/, "")}(/|$)(.*)`
                : "write as many groups as the rewrite asks for",
            ],
          };
        else if (/[^/]\/\?\(\.\*\)$/.test(path))
          yield {
            path: [...at, "path"],
            message: `${name} has the pattern ${path}, which also matches ${path.replace(/\/\?\(\.\*\)$/, "bc")}`,
            label: "the slash is optional",
            next: [`write ${path.replace(/\/\?\(\.\*\)$/, "(/|$)(.*)")}, and $2 in the rewrite`],
          };
      }
  },
);

const pattern = /[()[\]{}^$|*+\\]|\.\*/;

function usesNginx({ metadata, spec }: Ingress): boolean {
  return (
    (spec.ingressClassName ?? metadata.annotations?.["kubernetes.io/ingress.class"] ?? "").includes(
      "nginx",
    ) || Object.keys(metadata.annotations ?? {}).some((key) => key.startsWith(`${nginx}/`))
  );
}
