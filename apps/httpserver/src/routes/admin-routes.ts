import type { FastifyInstance, RouteHandlerMethod } from "fastify";
import { adminOnly, type AdminParts } from "../admin-only.ts";
import { jsonBodyOf } from "../body-parser.ts";
import { httpError } from "../answers/error-answers.ts";
import {
  addOperation,
  errorContent,
  jsonContent,
  type Content,
  type Operation,
} from "../openapi/operation.ts";

/** The parts that can be administered. */
export interface AdministeredParts extends AdminParts {
  readonly allowPanic: boolean;
  /** Takes this pod out of its Services, and back. */
  readonly setReady: (ready: boolean) => void;
  readonly faults: FaultSwitch;
  readonly log: LevelSwitch;
  /** Ends the process as a defect would. */
  readonly panic?: () => void;
}

/** The library's fault injection. */
export interface FaultSwitch {
  enable(): void;
  disable(): void;
  /** Replaces the rules. Throws when they are not valid. */
  set(rules: readonly object[]): void;
  status(): object;
}

/** The switch of the log's level. */
export interface LevelSwitch {
  readonly level: string;
  readonly levels: readonly string[];
  setLevel(level: string): void;
}

/** Registers the routes for administrators: readiness, faults, the log's level, and a crash. */
export function adminRoutes(app: FastifyInstance, parts: AdministeredParts): void {
  const { setReady, faults, log, allowPanic, panic = throwSoon } = parts;
  const guard = [adminOnly(parts)];
  const add = (operation: Operation, handler: RouteHandlerMethod): void =>
    addOperation(app, operation, handler, guard);

  add(operation("POST", "/readyz/enable", "Makes this pod ready again", ready), () => {
    setReady(true);
    return { ready: true };
  });
  add(
    operation("POST", "/readyz/disable", "Makes this pod unready, so that it gets no new requests", ready),
    () => {
      setReady(false);
      return { ready: false };
    },
  );

  add(operation("GET", "/faults", "The faults that are injected", status), () => faults.status());
  add(putFaults, (request) => {
    const { rules } = jsonBodyOf(request);
    if (!Array.isArray(rules)) throw httpError(400, "bad_rules", "rules must be a list");
    refuseAs400("bad_rules", () => faults.set(rules as object[]));
    return faults.status();
  });
  add(operation("POST", "/faults/enable", "Injects faults from now on", status), () => {
    faults.enable();
    return faults.status();
  });
  add(operation("POST", "/faults/disable", "Injects no faults from now on", status), () => {
    faults.disable();
    return faults.status();
  });

  add(operation("GET", "/log-level", "The log's level", level), () => ({ level: log.level }));
  add(putLevel, (request) => {
    const { level } = jsonBodyOf(request);
    if (typeof level !== "string" || !log.levels.includes(level))
      throw httpError(400, "bad_level", `level is one of ${log.levels.join(", ")}`);
    log.setLevel(level);
    return { level: log.level };
  });

  add(
    operation("POST", "/panic", "Crashes the process; needs ALLOW_PANIC, too", crash, 202),
    (_request, reply) => {
      if (!allowPanic) {
        reply.callNotFound();
        return reply;
      }
      reply.raw.once("finish", panic);
      return reply.code(202).send({ panic: true });
    },
  );
}

/** Paths that faults must spare, or nobody could switch them off again. */
export const adminPaths: readonly string[] = [
  "/readyz/enable",
  "/readyz/disable",
  "/faults",
  "/faults/enable",
  "/faults/disable",
  "/log-level",
  "/panic",
];

/** Throws an error where nobody catches it. */
function throwSoon(): void {
  setImmediate(() => {
    throw new Error("POST /panic asked for this crash");
  });
}

function refuseAs400(code: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw httpError(400, code, (error as Error).message);
  }
}

const ready = jsonContent("What it is now", { type: "object" }, { ready: true });
const status = jsonContent("What is injected now");
const level = jsonContent("What it is now", { type: "object" }, { level: "info" });
const crash = jsonContent("It crashes now");

function operation(
  method: "GET" | "POST" | "PUT",
  url: string,
  summary: string,
  answer: Content,
  code = 200,
): Operation {
  return {
    method,
    url,
    summary,
    group: "Administration",
    bearer: true,
    answers: {
      [code]: answer,
      401: errorContent("ADMIN_TOKEN is set, and the request does not bring it"),
      403: errorContent("A browser sent it from another site's page"),
      404: errorContent("ADMIN is not true"),
    },
  };
}

const putFaultsBase = operation("PUT", "/faults", "Sets the rules by which faults are injected", status);
const putFaults: Operation = {
  ...putFaultsBase,
  body: jsonContent(
    "The first rule that matches a path decides",
    {
      type: "object",
      required: ["rules"],
      properties: { rules: { type: "array", items: { type: "object" } } },
    },
    { rules: [{ path: "/*", delay: "0..2000" }] },
  ),
  answers: { ...putFaultsBase.answers, 400: errorContent("The rules cannot be meant") },
};

const putLevelBase = operation("PUT", "/log-level", "Sets the log's level", level);
const putLevel: Operation = {
  ...putLevelBase,
  body: jsonContent(
    "The level",
    { type: "object", required: ["level"], properties: { level: { type: "string" } } },
    { level: "debug" },
  ),
  answers: { ...putLevelBase.answers, 400: errorContent("There is no such level") },
};
