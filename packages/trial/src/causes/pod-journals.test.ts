import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerJournal, SeenProcess } from "@seaworthy/cluster";
import { closingFrom, heardSignal } from "./pod-journals.ts";
import { exampleJournal } from "../testing/example-journal.ts";

const launcher = (command: string, handlesSignal = true): SeenProcess => ({ pid: 1, command, handlesSignal });
const server = { pid: 19, command: "node server.mjs", handlesSignal: true, port: 8080 };
const behind = (receiver: SeenProcess, over: Partial<ContainerJournal> = {}) =>
  exampleJournal({
    signal: { at: 10_000, name: "SIGTERM", receiver },
    listeners: [server],
    ...over,
  });
const kill = { kill: { at: 40_000 }, end: { at: 40_001, exitCode: 137, by: "kill" } } as const;

const table: readonly [name: string, journal: ContainerJournal, heard: boolean | undefined][] = [
  ["the server itself", exampleJournal(), true],
  [
    "the server itself, without a handler",
    exampleJournal({ signal: { at: 10_000, name: "SIGTERM", receiver: launcher("node server.mjs", false) } }),
    false,
  ],
  ["a shell as PID 1 has no handler", behind(launcher("sh -c node server.mjs | cat", false), kill), false],
  [
    "a launcher's shell died and the server served on",
    behind(launcher("npm start"), { cutOff: true }),
    false,
  ],
  [
    "the server closed its port before its launcher ended",
    behind(launcher("npm start"), { closedAt: 10_200 }),
    true,
  ],
  ["both were gone at once behind npm", behind(launcher("npm run serve")), false],
  ["both were gone at once behind tini", behind(launcher("/sbin/tini -- node server.mjs")), true],
  [
    "tini passed it on to a server that closed and hung",
    behind(launcher("tini -- node a.js"), { closedAt: 10_100, ...kill }),
    true,
  ],
  ["a shell with a trap that forgets its child", behind(launcher("bash run.sh"), kill), false],
  [
    "nothing is known where processes cannot be looked at",
    exampleJournal({ signal: { at: 10_000, name: "SIGTERM" }, listeners: [] }),
    undefined,
  ],
];

for (const [name, journal, heard] of table) {
  test(`who heard the signal: ${name}`, () => assert.equal(heardSignal(journal), heard));
}

test("a container may refuse from its signal on, or from a hook that may end it", () => {
  const preStop = { startedAt: 9_000, endedAt: 9_990, result: "done" } as const;
  assert.equal(closingFrom(exampleJournal()), 10_000);
  assert.equal(closingFrom(exampleJournal({ preStop: { kind: "sleep", ...preStop } })), 10_000);
  assert.equal(closingFrom(exampleJournal({ preStop: { kind: "exec", ...preStop } })), 9_000);
  const { signal: _, end: __, ...running } = exampleJournal();
  assert.equal(closingFrom(running), undefined);
});
