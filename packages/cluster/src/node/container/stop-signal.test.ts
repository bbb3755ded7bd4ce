import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStopSignal, stopSignalName } from "./stop-signal.ts";

test("a stop signal is read as Kubernetes and as image configurations write it", () => {
  const table = [
    ["SIGTERM", "SIGTERM"],
    ["QUIT", "SIGQUIT"],
    ["sigwinch", "SIGWINCH"],
    ["3", "SIGQUIT"],
    ["SIGRTMIN+3", "SIGRTMIN+3"],
    ["RTMAX-14", "SIGRTMIN+16"],
  ] as const;
  for (const [text, name] of table) assert.equal(stopSignalName(parseStopSignal(text)!), name, text);
  for (const text of ["", "SIGSTOPPED", "99", "SIGRTMIN+40", "TERM1"])
    assert.equal(parseStopSignal(text), undefined, text);
});
