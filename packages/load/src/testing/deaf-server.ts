import { once } from "node:events";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";

/** A port of 127.0.0.1 whose queue of connections is full and stays so: Linux ignores every further connect. */
export async function startDeafServer(): Promise<{ readonly port: number } & AsyncDisposable> {
  // A thread that sleeps for ever accepts nothing.
  const worker = new Worker(
    `import { createServer } from "node:net"; import { parentPort } from "node:worker_threads";
     const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  const fillers = Array.from({ length: 8 }, () =>
    connect({ host: "127.0.0.1", port }).on("error", () => undefined),
  );
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, "connect")));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}
