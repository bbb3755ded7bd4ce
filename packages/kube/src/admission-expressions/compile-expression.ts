import type { Environment } from "@marcbachmann/cel-js";
import { asLibraryTakesIt } from "../cel/as-library-takes-it.ts";
import { cel } from "../cel/cel.ts";
import { located, summaryOf, syntaxError } from "../cel/located.ts";
import { AccessAuthorizer, registerAccess } from "./access-library.ts";
import { registerRequest } from "./request-library.ts";

/** What the variables of an expression are. Those that are absent may not be named. */
export interface Bindings {
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly request?: unknown;
  readonly namespaceObject?: unknown;
  readonly authorizer?: AccessAuthorizer;
  readonly params?: unknown;
  readonly variables?: unknown;
}

/** An expression of a policy or a match condition that was read. */
export interface CompiledExpression {
  readonly text: string;
  /** Its type, `dyn` where it is only known later, or not here. */
  readonly type: string;
  /** Absent where there is an error or a gap. */
  readonly ask?: (bindings: Bindings) => unknown;
  /** What Kubernetes refuses it for, in its words as far as we know them. */
  readonly error?: string;
  /** Why an expression that Kubernetes may well take cannot be evaluated here. */
  readonly gap?: string;
}

/**
 * Reads an expression. `types` are those that it may have, any when it is empty. `rewrite` writes as the library can read
 * it what it cannot.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/cel/compile.go
 */
export function compileExpression(
  text: string,
  environment: Environment,
  types: readonly string[],
  rewrite: (text: string) => string = (whole) => whole,
): CompiledExpression {
  try {
    const readable = rewrite(text);
    const { ast } = environment.parse(readable);
    const program = environment.parse(asLibraryTakesIt(readable, ast));
    const { valid, type = "dyn", error } = program.check();
    if (!valid) return { text, type: "dyn", ...problemOf(text, error) };
    if (types.length > 0 && !types.some((each) => mayBe(type, each)))
      return { text, type, error: wrongType(types, type) };
    return { text, type, ask: (bindings) => program(bindings) as unknown };
  } catch (error) {
    return { text, type: "dyn", error: `compilation failed: ${syntaxError(text, error)}` };
  }
}

/** What is only known later is found out then. */
function mayBe(type: string, wanted: string): boolean {
  if (type === wanted || type === "dyn") return true;
  return wanted.startsWith("list<") && (type === "list" || type === "list<T>");
}

function wrongType(types: readonly string[], type: string): string {
  return types.length === 1
    ? `must evaluate to ${types[0]} but got ${type}`
    : `must evaluate to one of [${types.join(" ")}] but got ${type}`;
}

interface LibraryProblem {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number };
  readonly node?: { readonly pos: number };
}

/** What names nothing is refused. All else may be what the library does not know of Kubernetes' language. */
function problemOf(text: string, error: unknown): Pick<CompiledExpression, "error" | "gap"> {
  const { code, summary = "", range, node } = error as LibraryProblem;
  const [, name = ""] = /: (\S+)$/.exec(summary) ?? [];
  if (code === "unknown_variable") {
    const why = `undeclared reference to '${name}' (in container '')`;
    return { error: `compilation failed: ${located(text, range?.start ?? 0, why)}` };
  }
  if (code === "no_such_key") {
    const at = (node?.pos ?? 1) - 1;
    return { error: `compilation failed: ${located(text, at, `undefined field '${name}'`)}` };
  }
  return { gap: summaryOf(error) };
}

let loaded: Environment | undefined;

/** The language of match conditions of webhooks, and what policies begin with. */
export function admissionEnvironment(): Environment {
  return (loaded ??= load());
}

function load(): Environment {
  const environment = cel().base.clone();
  registerAccess(environment);
  registerRequest(environment);
  return environment
    .registerVariable("object", "dyn")
    .registerVariable("oldObject", "dyn")
    .registerVariable("namespaceObject", "dyn")
    .registerVariable("authorizer", "kubernetes.authorization.Authorizer");
}

let loadedWithParams: Environment | undefined;

/** The language of policies that have parameters. */
export function admissionEnvironmentWithParams(): Environment {
  return (loadedWithParams ??= admissionEnvironment().clone().registerVariable("params", "dyn"));
}
