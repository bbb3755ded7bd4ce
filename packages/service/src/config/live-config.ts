import { SeaworthyError } from "@seaworthy/errors";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { followVolume, type FollowOptions } from "./follow-volume.ts";
import type { Generation } from "./read-generation.ts";
import { createReloadMetrics } from "./reload-metrics.ts";
import { SchemaError, validate, type StandardSchema } from "./settings/standard-schema.ts";

/** The files of a generation: name → content. */
export type ConfigFiles = ReadonlyMap<string, Buffer>;

/** How files become a configuration: in one step, or decoded and then validated by a schema. */
export type ConfigReader<T> =
  | { readonly parse: (files: ConfigFiles) => T | Promise<T> }
  | {
      readonly decode: (files: ConfigFiles) => unknown;
      readonly schema: StandardSchema<T>;
    };

/** What `watchConfig` takes beside the reader. */
export interface ConfigOptions extends FollowOptions {
  /** A ConfigMap or Secret volume, a plain folder, or a single file. */
  readonly directory: string;
  readonly registry?: MetricsRegistry;
  /** How the names of its metrics begin. Default `config`. */
  readonly metricPrefix?: string;
  /**
   * The volume holds secrets: messages of the parser or schema, which may quote values, and the hash are kept out of the
   * log. Default false.
   */
  readonly secret?: boolean;
}

/** A configuration that is in use. */
export interface ConfigGeneration {
  /** A hash of the files: equal in all pods that use the same. */
  readonly id: string;
  /** 1 for the first one of this process. */
  readonly number: number;
  readonly loadedAt: Date;
}

/** Called after a change. An error that the listener throws is logged, and the change stands. */
export type ConfigListener<T> = (next: T, previous: T) => void | Promise<void>;

/** A configuration that follows its files. */
export interface LiveConfig<T> extends Disposable {
  /** The configuration, frozen and of one generation. It is replaced as a whole, so read it once per request and keep it. */
  readonly current: T;
  readonly generation: ConfigGeneration;
  /** Why the files as they are now are not in use; undefined when they are. */
  readonly lastError: SeaworthyError | undefined;
  /** Adds a listener, and returns a function that removes it. */
  onChange(listener: ConfigListener<T>): () => void;
  /** Looks at the files at once. Rejects with SW8003 or SW8004 when the last good configuration stays. */
  reload(): Promise<void>;
}

/**
 * Reads a configuration and follows its directory. The first load throws SW8003 when the files cannot be read and SW8004
 * when they are not valid; later the last good one stays, with one line in the log and `config_last_reload_successful` at 0.
 */
export async function watchConfig<T>(options: ConfigOptions & ConfigReader<T>): Promise<LiveConfig<T>> {
  const { directory, registry, metricPrefix = "config", log, nowMs = Date.now, secret = false } = options;
  const listeners = new Set<ConfigListener<T>>();
  let state: { readonly value: T; readonly generation: ConfigGeneration } | undefined;
  let lastError: SeaworthyError | undefined;
  const metrics = createReloadMetrics(registry, metricPrefix, nowMs);
  registry?.observe(
    `${metricPrefix}_generation`,
    "The number of the configuration in use, counted from 1 since the start.",
    "gauge",
    () => state?.generation.number ?? 0,
  );

  function use(value: T, { id, files, readAtMs }: Generation): void {
    const previous = state;
    const number = (previous?.generation.number ?? 0) + 1;
    state = { value, generation: { id, number, loadedAt: new Date(readAtMs) } };
    lastError = undefined;
    metrics.loaded(previous !== undefined);
    const hash = secret ? undefined : id;
    log.info({ directory, generation: number, hash, files: [...files.keys()] }, "configuration loaded");
    if (previous !== undefined) for (const listener of listeners) void tell(listener, value, previous.value);
  }

  async function tell(listener: ConfigListener<T>, next: T, previous: T): Promise<void> {
    try {
      await listener(next, previous);
    } catch (error) {
      const message = secret ? "hidden, because it may quote a secret" : String(error);
      log.error({ directory, error: message }, "a listener to configuration changes failed");
    }
  }

  const volume = await followVolume<T>(
    directory,
    {
      async load({ files }) {
        try {
          return deepFreeze(await read(options, files));
        } catch (error) {
          throw invalid(directory, error, secret);
        }
      },
      use,
      failed(error, generation) {
        lastError = error;
        metrics.failed();
        const { code, message, details } = error;
        const files = generation && [...generation.files.keys()];
        const fields = { directory, code, error: message, problems: details.seen, files };
        log.error(fields, "the configuration cannot be used, the last good one stays");
      },
      recovered() {
        lastError = undefined;
        metrics.loaded(true);
        log.info({ directory }, "the configuration is the last good one again");
      },
    },
    options,
  );

  return {
    get current() {
      return state!.value;
    },
    get generation() {
      return state!.generation;
    },
    get lastError() {
      return lastError;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reload: volume.reload,
    [Symbol.dispose]() {
      volume[Symbol.dispose]();
      listeners.clear();
    },
  };
}

async function read<T>(reader: ConfigReader<T>, files: ConfigFiles): Promise<T> {
  if ("parse" in reader) return await reader.parse(files);
  return await validate(reader.schema, await reader.decode(files));
}

function invalid(directory: string, error: unknown, secret: boolean): SeaworthyError {
  if (secret) {
    const seen = error instanceof SchemaError ? error.paths : [];
    return new SeaworthyError("SW8004", `the configuration in ${directory} is not valid`, {
      field: directory,
      why: "the cause is left out, because it may quote a secret",
      seen,
    });
  }
  const seen = problemsOf(error);
  const next = error instanceof SeaworthyError ? error.details.next : undefined;
  const message = `the configuration in ${directory} is not valid: ${seen[0] ?? "unknown"}`;
  return new SeaworthyError("SW8004", message, { field: directory, seen, next, cause: error });
}

/** The problems in an error, as lines for people. */
function problemsOf(error: unknown): readonly string[] {
  if (error instanceof SchemaError) return error.issues;
  if (error instanceof SeaworthyError) return [error.message, ...(error.details.seen ?? [])];
  return [error instanceof Error ? error.message : String(error)];
}
