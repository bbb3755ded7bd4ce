import type { ProgramToBuild } from "./build-program.ts";

/** A package that npm users get. */
export type PublishedPackage = PublishedLibrary | PublishedProgram;

interface PublishedLibrary {
  readonly name: string;
  /** The modules that are imported or started from outside, by the name of the file that each becomes. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Packages that its types name and its code does not. */
  readonly typesFrom?: readonly string[];
  readonly bin?: undefined;
}

/** It has no exports, and everything that it needs within. */
interface PublishedProgram {
  readonly name: string;
  readonly entryPoints: ProgramToBuild["entryPoints"];
  /** What npm starts. */
  readonly bin: string;
  readonly typesFrom?: undefined;
}

/** A process or a thread is started from its file, which stands beside the code that starts it. */
const loadProcess = { "load-process": "packages/load/src/process/load-process.mjs" };
const healthWorker = { "health-worker": "packages/service/src/probes/health-worker.ts" };

/**
 * What is published, by the folder of its sources: the command, the three libraries, and what their types are made of
 * (docs/decisions/0021-what-is-published.md).
 */
export const publishedPackages = {
  errors: library("errors"),
  certificates: library("certificates"),
  kube: { ...library("kube"), typesFrom: ["@kubernetes/client-node"] },
  client: library("client"),
  load: library("load", loadProcess),
  cluster: library("cluster"),
  service: library("service", healthWorker),
  cli: {
    name: "seaworthy",
    entryPoints: { main: "packages/cli/src/main.ts", ...loadProcess },
    bin: "packages/cli/src/published-command.mjs",
  },
} as const satisfies Readonly<Record<string, PublishedPackage>>;

function library(folder: string, started: Readonly<Record<string, string>> = {}): PublishedLibrary {
  return {
    name: `@seaworthy/${folder}`,
    entryPoints: { index: `packages/${folder}/src/index.ts`, ...started },
  };
}
