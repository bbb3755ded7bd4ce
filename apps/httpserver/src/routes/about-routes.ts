import { availableParallelism, hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { maskSecret } from "../answers/mask-secret.ts";
import { addOperation, jsonContent, type Operation } from "../openapi/operation.ts";

/** The facts that the service knows of itself. */
export interface AboutParts {
  readonly version: string;
  /** The commit that it was built from. */
  readonly revision: string;
  /** The pod's name, from the downward API. */
  readonly podName: string | undefined;
  readonly podNamespace: string | undefined;
  readonly podIp: string | undefined;
  readonly nodeName: string | undefined;
  /** Which environment variables /env may show; `POD_*` stands for all that begin with POD_. */
  readonly envAllow: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many requests have come. */
  readonly requestsTotal: () => number;
}

/** Registers the routes that say who answers: /version, /info, /env, /headers. */
export function aboutRoutes(app: FastifyInstance, parts: AboutParts): void {
  const { version, revision } = parts;
  addOperation(app, versionOperation, () => ({ version, revision }));
  addOperation(app, infoOperation, () => describe(parts));
  addOperation(app, envOperation, () => allowedEnv(parts));
  addOperation(app, headersOperation, (request) =>
    Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        maskSecret(name, [value ?? []].flat().join(", ")),
      ]),
    ),
  );
}

function describe(parts: AboutParts): object {
  return {
    version: parts.version,
    revision: parts.revision,
    hostname: hostname(),
    pod: { name: parts.podName, namespace: parts.podNamespace, ip: parts.podIp, node: parts.nodeName },
    runtime: { name: "node", version: process.versions.node, v8: process.versions.v8 },
    os: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
    uptimeSeconds: Math.round(process.uptime()),
    residentBytes: process.memoryUsage.rss(),
    requestsTotal: parts.requestsTotal(),
  };
}

function allowedEnv({ env, envAllow }: AboutParts): Record<string, string> {
  const isAllowed = (name: string): boolean =>
    envAllow.some((allowed) =>
      allowed.endsWith("*") ? name.startsWith(allowed.slice(0, -1)) : name === allowed,
    );
  return Object.fromEntries(
    Object.keys(env)
      .filter(isAllowed)
      .sort()
      .map((name) => [name, maskSecret(name, env[name] ?? "")]),
  );
}

const texts = { type: "object", additionalProperties: { type: "string" } };

const versionOperation: Operation = {
  method: "GET",
  url: "/version",
  summary: "The version and the commit that it was built from",
  group: "About",
  answers: { 200: jsonContent("Both", texts, { version: "0.1.0", revision: "4f2c9e1" }) },
};

const infoOperation: Operation = {
  method: "GET",
  url: "/info",
  summary: "The pod, the runtime and the machine that answer",
  group: "About",
  answers: { 200: jsonContent("What is known") },
};

const envOperation: Operation = {
  method: "GET",
  url: "/env",
  summary: "Those environment variables that ENV_ALLOW names; secrets are masked",
  group: "About",
  answers: { 200: jsonContent("Names and values", texts) },
};

const headersOperation: Operation = {
  method: "GET",
  url: "/headers",
  summary: "The request's headers as they arrived here; credentials are masked",
  group: "About",
  answers: { 200: jsonContent("Names and values", texts) },
};
