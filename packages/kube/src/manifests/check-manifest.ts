import { SeaworthyError, type ErrorCode, type Place } from "@seaworthy/errors";
import { formatObjectName } from "../format-object-name.ts";
import { builtInKinds, findBuiltInKind, isCustomKind } from "../kinds/built-in-kinds.ts";
import { apiVersionsOf } from "../kinds/kind.ts";
import { nearestName } from "../validation/nearest-name.ts";
import { validateObject, type FieldProblem } from "../validation/validate-object.ts";
import type { Manifest } from "./manifest.ts";

/**
 * What Kubernetes would refuse in an object, with places: SW1103, SW1104, SW1105 and SW1110. A custom kind has no
 * problem here: what it may hold is known only where its CustomResourceDefinition is.
 */
export function checkManifest(manifest: Manifest): SeaworthyError[] {
  const { apiVersion, kind } = manifest.object;
  if (isCustomKind(apiVersion, kind)) return [];
  if (findBuiltInKind(apiVersion, kind) === undefined) return [unknownKind(manifest)];
  return validateObject(manifest.object).map((problem) => fieldError(manifest, problem));
}

function unknownKind(manifest: Manifest): SeaworthyError {
  const { apiVersion, kind } = manifest.object;
  const versions = builtInKinds.filter((each) => each.kind === kind).flatMap(apiVersionsOf);
  const ofVersion = builtInKinds.filter((each) => apiVersionsOf(each).includes(apiVersion));
  const near = nearestName(
    kind,
    (ofVersion.length > 0 ? ofVersion : builtInKinds).map((each) => each.kind),
  );
  const next = versions.map((version) => `write apiVersion: ${version}`);
  if (versions.length === 0 && near !== undefined) next.push(`did you mean kind: ${near}?`);
  if (next.length === 0) next.push("check the spelling of apiVersion and kind, or leave this file out");
  const field = versions.length > 0 ? "apiVersion" : "kind";
  return new SeaworthyError("SW1104", `unknown kind ${kind} in ${apiVersion}`, {
    place: { ...manifest.locate([field]), label: "not built into Kubernetes" },
    field,
    object: formatObjectName(manifest.object),
    next,
    why: "No built-in API has this kind in this version, and a custom kind's group has a dot.",
  });
}

const codes: Readonly<Record<FieldProblem["kind"], ErrorCode>> = {
  "unknown-field": "SW1103",
  "wrong-type": "SW1105",
  "missing-field": "SW1110",
};

function fieldError(manifest: Manifest, problem: FieldProblem): SeaworthyError {
  const isKey = problem.kind === "unknown-field";
  const place = isKey ? manifest.locateKey(problem.path) : manifest.locate(problem.path);
  const title = {
    "unknown-field": "unknown field",
    "wrong-type": "wrong type",
    "missing-field": "missing field",
  };
  const { why, next } = advise(problem, place);
  return new SeaworthyError(
    codes[problem.kind],
    `${title[problem.kind]} ${problem.field}: ${problem.message}`,
    {
      place: { ...place, label: labelOf(problem) },
      object: formatObjectName(manifest.object),
      field: problem.field,
      why,
      next,
    },
  );
}

function labelOf(problem: FieldProblem): string {
  if (problem.kind === "missing-field") return `${problem.path.at(-1)} is missing here`;
  if (problem.kind === "wrong-type") return problem.message.replace(/, and is .*/s, "");
  return problem.suggestion === undefined ? "unknown field" : `did you mean ${problem.suggestion}?`;
}

function advise(problem: FieldProblem, place: Place): { why: string; next: string[] } {
  const name = String(problem.path.at(-1));
  switch (problem.kind) {
    case "unknown-field": {
      const fix = problem.suggestion === undefined ? `remove ${name}` : `rename it to ${problem.suggestion}`;
      const why = "Kubernetes drops a field that it does not know, or refuses the object.";
      return { why, next: [fix, "or move it, if it stands at the wrong indentation"] };
    }
    case "missing-field":
      return { why: "The API server refuses the object without it.", next: [`add ${problem.field}`] };
    case "wrong-type": {
      const written = place.sourceLine?.slice(place.column - 1, place.column - 1 + (place.length ?? 1)) ?? "";
      const why = "The API server cannot read the object with this value.";
      if (/^must be a string, and is the (number|boolean) /.test(problem.message)) {
        return { why, next: [`write it in quotes: ${JSON.stringify(written)}`] };
      }
      const bare = /^["'](-?\d+|true|false)["']$/.exec(written)?.[1];
      return {
        why,
        next: [
          bare === undefined
            ? `give it a value that fits: it ${problem.message}`
            : `write it without quotes: ${bare}`,
        ],
      };
    }
  }
}
