import { createRequire } from "node:module";
import type { Environment, Optional } from "@marcbachmann/cel-js";
import { registerAddresses } from "./functions/addresses.ts";
import { registerFormats } from "./functions/formats.ts";
import { registerLists } from "./functions/lists.ts";
import { registerNumbers } from "./functions/numbers.ts";
import { registerQuantities } from "./functions/quantities.ts";
import { registerTexts } from "./functions/texts.ts";
import { registerUrls } from "./functions/urls.ts";

/** The language, and what Kubernetes adds to it. */
export interface Cel {
  /** Knows no variables. */
  readonly base: Environment;
  /** Knows `self` and `oldSelf`. */
  readonly environment: Environment;
  /** Knows `self`, and an `oldSelf` that there may not be. */
  readonly optionalEnvironment: Environment;
  readonly Optional: typeof Optional;
  timestamp(text: string): unknown;
  duration(text: string): unknown;
}

let loaded: Cel | undefined;

/** The language, which is loaded when the first rule is read, for most clusters never have one. */
export function cel(): Cel {
  return (loaded ??= load());
}

/** https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries */
function load(): Cel {
  const library = createRequire(import.meta.url)(
    "@marcbachmann/cel-js",
  ) as typeof import("@marcbachmann/cel-js");
  const base = new library.Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  for (const register of [
    registerTexts,
    registerLists,
    registerNumbers,
    registerQuantities,
    registerUrls,
    registerAddresses,
    registerFormats,
  ])
    register(base, library.Optional);
  const environment = base.clone().registerVariable("self", "dyn").registerVariable("oldSelf", "dyn");
  const optionalEnvironment = base
    .clone()
    .registerVariable("self", "dyn")
    .registerVariable("oldSelf", "optional<dyn>");
  const timestamp = base.clone().registerVariable("text", "string").parse("timestamp(text)");
  const duration = base.clone().registerVariable("text", "string").parse("duration(text)");
  return {
    base,
    environment,
    optionalEnvironment,
    Optional: library.Optional,
    timestamp: (text) => timestamp({ text }) as unknown,
    duration: (text) => duration({ text }) as unknown,
  };
}
