import { runCli } from "./cli.ts";

/** How long a drain may take after Ctrl-C before a user is told that a second one forces the end. */
const hintAfterMs = 3_000;

const stop = new AbortController();
let forced = false;

function onSignal(signal: NodeJS.Signals): void {
  if (stop.signal.aborted) {
    if (forced) return;
    forced = true;
    process.stderr.write("forced to end\n");
    process.exit(signal === "SIGTERM" ? 143 : 130);
  }
  // First: what is drawn in the terminal is taken away before the line is written.
  stop.abort(new DOMException("interrupted", "AbortError"));
  process.stderr.write("\nending what was started; Ctrl-C again forces it\n");
  setTimeout(() => process.stderr.write("still ending\n"), hintAfterMs).unref();
}

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
process.on("SIGHUP", onSignal);
// A reader that went away (`seaworthy trial | head`) is no error.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// What is bundled cannot await at its top (scripts/packages/build-program.ts).
void runCli(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
}).then(async (code) => {
  // Output to a pipe is written asynchronously: the process ends only when it is out.
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))),
  );
  process.exit(code);
});
