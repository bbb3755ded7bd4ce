import { once } from "node:events";

/** Values by key, for a time, on a server that several pods share. */
export interface Cache extends Disposable {
  /** Undefined: there is no such key, or not any more. */
  get(key: string): Promise<Buffer | undefined>;
  set(key: string, value: Buffer, ttlSeconds: number): Promise<void>;
  /** Whether there was such a key. */
  delete(key: string): Promise<boolean>;
}

/** The logger that the cache needs. */
export interface CacheLog {
  info(fields: object, msg: string): void;
  warn(fields: object, msg: string): void;
}

/** The prefix of all keys, because other programs may use the same server. */
const keyPrefix = "httpserver:";
/** The longest wait for the first connection, and for each call. */
const patienceMs = 2_000;
const maxPending = 1_000;
const maxReconnectDelayMs = 5_000;
/** A server that answers no ping for so long is gone, whatever TCP says. */
const pingMs = 2_000;
const silenceMs = 6_000;

/**
 * Connects to a Redis server when it is first used. While the server is away every call fails at once, and a connection is
 * tried again after 100 ms, 200 ms and so on up to 5 s. Each outage is logged once. Calls throw when they have no answer
 * within 2 s.
 */
export function createCache(url: string, log: CacheLog): Cache {
  let connecting: ReturnType<typeof connect> | undefined;
  let isAway = false;

  async function connect() {
    const { createClient, RESP_TYPES } = await import("@redis/client");
    const client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxPending,
      pingInterval: pingMs,
      socket: {
        connectTimeout: patienceMs,
        socketTimeout: silenceMs,
        reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, maxReconnectDelayMs),
      },
    });
    client.on("error", (error: Error) => {
      if (!isAway) log.warn({ error: error.message }, "the cache is away");
      isAway = true;
    });
    client.on("ready", () => {
      if (isAway) log.info({}, "the cache is back");
      isAway = false;
    });
    // The first call waits for the first attempt, however that ends; error events tell what went wrong.
    const attempt = once(client, "ready", { signal: AbortSignal.timeout(patienceMs) });
    client.connect().catch(() => undefined);
    await attempt.catch(() => undefined);
    return client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  }

  async function ask<T>(question: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    const client = await (connecting ??= connect());
    return await within(patienceMs, question(client));
  }

  return {
    async get(key) {
      return (await ask(async (client) => await client.get(keyPrefix + key))) ?? undefined;
    },
    async set(key, value, ttlSeconds) {
      const expiration = { type: "EX", value: ttlSeconds } as const;
      await ask(async (client) => await client.set(keyPrefix + key, value, { expiration }));
    },
    async delete(key) {
      return (await ask(async (client) => await client.del(keyPrefix + key))) > 0;
    },
    [Symbol.dispose]() {
      connecting?.then((client) => client.destroy()).catch(() => undefined);
    },
  };
}

/** The client's own abort signal ends only those commands that it has not sent yet. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
