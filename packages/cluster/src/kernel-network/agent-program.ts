/** What is asked of an agent; each request has a number by which it is answered. */
export type AgentRequest =
  /** Connect to a TCP port, and give up after `timeoutMs`. */
  | {
      readonly id: number;
      readonly ask: "dial";
      readonly host: string;
      readonly port: number;
      readonly timeoutMs: number;
    }
  /** Listen on a TCP port. */
  | {
      readonly id: number;
      readonly ask: "listen";
      readonly host: string;
      readonly port: number;
      readonly isShared: boolean;
    }
  /** Bind a UDP port. */
  | { readonly id: number; readonly ask: "bind"; readonly host: string; readonly port: number }
  /** Run a command, which gets `input` on its standard input. */
  | { readonly id: number; readonly ask: "run"; readonly argv: readonly string[]; readonly input: string };

/** What an agent says: that it is up, or what came of a request. A socket that was asked for comes with the message. */
export type AgentReply =
  | { readonly up: true }
  | { readonly id: number; readonly error?: string }
  | { readonly id: number; readonly exitCode: number; readonly output: string };

/**
 * The program of a process that lives in a network namespace and does there what it is asked to by the process that started
 * it: it opens sockets, which it hands over (SCM_RIGHTS), and runs commands. A socket belongs for ever to the network
 * namespace in which it was opened, whoever holds it.
 *
 * Its source text is given to `node -e`, so that it works from any bundle: it may refer to nothing outside itself.
 */
export function agent(): void {
  const { createServer, Socket } = process.getBuiltinModule("node:net");
  const { createSocket } = process.getBuiltinModule("node:dgram");
  const { spawn } = process.getBuiltinModule("node:child_process");

  // Who started it is gone, however that ended: nothing may stay.
  process.on("disconnect", () => process.exit(0));
  process.on("message", (request: AgentRequest) => {
    if (request.ask === "dial") dial(request);
    else if (request.ask === "listen") listen(request);
    else if (request.ask === "bind") bind(request);
    else run(request);
  });
  process.send!({ up: true });

  function dial({ id, host, port, timeoutMs }: Extract<AgentRequest, { ask: "dial" }>): void {
    const socket = new Socket({ allowHalfOpen: true });
    // Paused before it connects, so that bytes which the app sends first are left for the other process to read.
    socket.pause();
    const fail = (error: { code?: string }) => {
      clearTimeout(timer);
      process.send!({ id, error: error.code ?? "EIO" });
    };
    const timer = setTimeout(() => {
      socket.off("error", fail).on("error", () => {});
      socket.destroy();
      fail({ code: "ETIMEDOUT" });
    }, timeoutMs);
    socket.once("error", fail);
    socket.connect(port, host, () => {
      clearTimeout(timer);
      socket.off("error", fail).on("error", () => {});
      process.send!({ id }, socket);
    });
  }

  function listen({ id, host, port, isShared }: Extract<AgentRequest, { ask: "listen" }>): void {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => process.send!({ id, error: error.code ?? "EIO" }));
    // Once it is sent, only the other process accepts.
    server.listen({ port, host, reusePort: isShared }, () =>
      process.send!({ id }, server, {}, () => server.close()),
    );
  }

  function bind({ id, host, port }: Extract<AgentRequest, { ask: "bind" }>): void {
    const socket = createSocket("udp4");
    socket.once("error", (error: NodeJS.ErrnoException) => process.send!({ id, error: error.code ?? "EIO" }));
    socket.bind(port, host, () => {
      process.send!({ id }, socket as unknown as import("node:net").Socket, {}, () => socket.close());
    });
  }

  function run({ id, argv, input }: Extract<AgentRequest, { ask: "run" }>): void {
    const child = spawn(argv[0]!, argv.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer) => (output = (output + chunk.toString()).slice(0, 100_000));
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", (error: NodeJS.ErrnoException) =>
      process.send!({ id, exitCode: 127, output: error.message }),
    );
    child.once("close", (code) => {
      if (child.pid !== undefined) process.send!({ id, exitCode: code ?? 137, output });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  }
}
