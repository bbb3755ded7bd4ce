import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as fc from "fast-check";
import { formatYaml, parseDocuments } from "@seaworthy/kube";
import { rules } from "../rules/rules.ts";
import { misshapeOnce, placesIn, shapes } from "../testing/misshape.ts";
import { allAsChosen } from "../testing/mutated-text.ts";
import { exampleFiles } from "../testing/rule-folders.ts";
import { checkSets } from "./check-sets.ts";

const examples = exampleFiles
  .map((file) => parseDocuments("a.yaml", readFileSync(file, "utf8")).manifests.map(({ object }) => object))
  .filter((objects) => objects.length > 0);

test("no rule fails on an object with a field that is missing, null, or of another type", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...examples),
      fc.nat(),
      fc.constantFrom(...shapes),
      async (objects, choice, shape) => {
        const places = placesIn(objects);
        const text = misshapeOnce(objects, places[choice % places.length]!, shape)
          .map(formatYaml)
          .join("---\n");
        const { manifests } = parseDocuments("a.yaml", text);
        const { findings } = await checkSets(
          { sets: [{ manifests, sources: [] }], problems: [] },
          { rules: allAsChosen(rules) },
        );
        const crash = findings.find(({ rule }) => rule === "SW7001");
        assert.equal(crash, undefined, `${crash?.message} ${crash?.seen.join(" ")}`);
      },
    ),
    { numRuns: 400 },
  );
});
