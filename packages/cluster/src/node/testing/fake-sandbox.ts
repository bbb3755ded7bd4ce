import { PassThrough } from "node:stream";
import type { ContainerProcess, ContainerSpec, ExitStatus, PodSandbox } from "../runtime/pod-runtime.ts";

/** A container that ends when the test says so. */
export interface FakeContainer extends ContainerProcess {
  readonly spec: ContainerSpec;
  readonly signals: string[];
  exit(exitCode: number): void;
}

/** A sandbox without processes. `SIGKILL` ends a container; other signals are only noted. */
export function createFakeSandbox(): PodSandbox & {
  readonly started: FakeContainer[];
  readonly execs: string[][];
} {
  const started: FakeContainer[] = [];
  const execs: string[][] = [];
  return {
    ip: "10.244.1.2",
    started,
    execs,
    start(spec) {
      const { promise, resolve } = Promise.withResolvers<ExitStatus>();
      const container: FakeContainer = {
        pid: started.length + 1,
        spec,
        signals: [],
        streams: { stdout: new PassThrough(), stderr: new PassThrough() },
        exited: promise,
        exit: (exitCode) => resolve({ exitCode, signal: undefined }),
        signal(name) {
          container.signals.push(String(name));
          if (name === "SIGKILL") resolve({ exitCode: 137, signal: "SIGKILL" });
        },
      };
      started.push(container);
      return Promise.resolve(container);
    },
    exec(_container, _spec, argv) {
      execs.push([...argv]);
      return Promise.resolve({ exitCode: 0, output: "", timedOut: false });
    },
    execStreaming: () => Promise.reject(new Error("nothing runs here")),
    dialLocalhost: () =>
      Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
    dial: () => Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
