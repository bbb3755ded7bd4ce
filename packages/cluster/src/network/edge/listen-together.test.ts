import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { listenTogether } from "./listen-together.ts";

/** The system connects them all while nobody takes them. */
const clients = `
const { connect } = require("node:net");
let left = 64;
for (let count = left; count > 0; count -= 1)
  connect(Number(process.argv[1]), "127.0.0.1", () => --left === 0 && process.exit());
`;

test(
  "many connections are taken in a turn of the event loop",
  { skip: process.platform !== "linux" },
  async () => {
    let taken = 0;
    using shared = await listenTogether(0, (socket: Socket) => {
      taken += 1;
      socket.on("error", () => undefined).destroy();
    });
    assert.equal(spawnSync(process.execPath, ["-e", clients, String(shared.port)]).status, 0);
    assert.equal(taken, 0);
    let turns = 0;
    for (; taken < 64; turns += 1) await nextTurn();
    // One server would take 64 turns. Which of them a connection comes to is chance, so the fullest may have some more than others.
    assert.ok(turns <= 32, `${turns} turns`);
  },
);

test("a port that somebody has is not shared with him", async (context) => {
  const other = createServer().listen(0, "127.0.0.1");
  context.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await assert.rejects(
    listenTogether(port, () => undefined),
    { code: "EADDRINUSE" },
  );
  using shared = await listenTogether(0, () => undefined);
  await assert.rejects(
    listenTogether(shared.port, () => undefined),
    { code: "EADDRINUSE" },
  );
});
