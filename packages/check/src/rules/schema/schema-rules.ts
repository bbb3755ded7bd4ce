import type { Rule } from "../../rule.ts";
import { deprecatedApi } from "./deprecated-api/deprecated-api.ts";
import { misplacedField } from "./misplaced-field/misplaced-field.ts";
import { missingField } from "./missing-field/missing-field.ts";
import { refused } from "./refused/refused.ts";
import { removedApi } from "./removed-api/removed-api.ts";
import { unknownField } from "./unknown-field/unknown-field.ts";
import { unknownKind } from "./unknown-kind/unknown-kind.ts";
import { warnedOf } from "./warned-of/warned-of.ts";
import { wrongType } from "./wrong-type/wrong-type.ts";

/** Rules about what an API server cannot read, refuses or warns of. */
export const schemaRules: readonly Rule[] = [
  unknownKind,
  removedApi,
  deprecatedApi,
  unknownField,
  misplacedField,
  wrongType,
  missingField,
  refused,
  warnedOf,
];
