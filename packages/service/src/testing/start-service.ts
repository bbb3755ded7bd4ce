import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { createService, type Service, type ServiceOptions } from "../service.ts";

/** A service in the test's own process, with signals, exit and log in the test's hands. */
export interface StartedService {
  readonly service: Service;
  readonly server: Server;
  readonly port: number;
  /** Takes `emit("SIGTERM", "SIGTERM")` as the process would. */
  readonly process: EventEmitter;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  /** The lines that have been written. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

/** Starts a service on a free port; short times, so that a shutdown takes a fraction of a second. */
export async function startService(
  t: TestContext,
  options: ServiceOptions = {},
  handler: RequestListener = (_request, response) => response.end("ok"),
  prepare: (service: Service) => void = () => undefined,
): Promise<StartedService> {
  const process = new EventEmitter();
  const { promise: exited, resolve } = Promise.withResolvers<number>();
  const texts: string[] = [];
  const service = createService({
    drainMs: 50,
    quietMs: 20,
    graceMs: 3_000,
    hooksMs: 500,
    flushMs: 500,
    env: {},
    process,
    exit: resolve,
    logDestination: { write: (text) => void texts.push(text), flushSync: () => undefined },
    ...options,
  });
  t.after(() => service[Symbol.asyncDispose]());
  prepare(service);
  const server = service.attach(createServer(handler));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const lines = (): Readonly<Record<string, unknown>>[] =>
    texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  return { service, server, port, process, exited, lines };
}
