import type { FlagDefinition } from "../command.ts";

/** The flags that say what users ask, by a file. */
export const mixFlags: Readonly<Record<string, FlagDefinition>> = {
  replay: {
    type: "string",
    value: "FILE|-",
    text: "ask what this access log says that users asked (nginx, Apache, Envoy, JSON lines; also .gz)",
  },
  openapi: {
    type: "string",
    value: "FILE",
    text: "ask the GET operations of this OpenAPI document that need no parameter, or have examples of them",
  },
};
