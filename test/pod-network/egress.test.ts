import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { after, before, describe, test } from "node:test";
import { resourceTypes, type NetworkPolicy, type Pod } from "@seaworthy/kube";
import { skipWithoutNetwork, startTalkingCluster, type TalkingCluster } from "./talking-pods.ts";

/** An address of this machine that is not loopback, where it has one. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;
/** The address behind host.docker.internal. */
const machine = "192.0.2.1";

/** A server of this machine that answers, once the client has ended, with what it got. */
async function startEcho(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    void socket.toArray().then(
      (chunks) => socket.end(Buffer.concat(chunks as Buffer[])),
      () => {},
    );
  }).listen(0, host);
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends `bytes` bytes, ends its side, and gives what came back: their number and hash, or what went wrong. */
const echo = (host: string, port: number, bytes: number) => `
  const socket = require("node:net").connect({ host: "${host}", port: ${port}, allowHalfOpen: true });
  const sent = require("node:crypto").randomBytes(${bytes});
  socket.end(sent);
  const got = Buffer.concat(await socket.toArray());
  return got.equals(sent) ? "the same" : got.length;`;

describe("out of the cluster", { skip: skipWithoutNetwork, timeout: 60_000 }, () => {
  let world: TalkingCluster;
  let pod: Pod;
  let echoed: { server: Server; port: number };

  before(async () => {
    echoed = await startEcho("127.0.0.1");
    world = await startTalkingCluster({ allowHost: true });
    [pod] = (await world.start({ name: "client" })) as [Pod];
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    echoed.server.close();
  });

  test("a pod reaches a server of the machine by name, and half-closed ends and many bytes pass", async () => {
    assert.equal(await world.ask(pod, echo("host.docker.internal", echoed.port, 3_000_000)), "the same");
  });

  test("many connections at once find their own ways", async () => {
    const code = `
      const one = async () => { ${echo(machine, echoed.port, 1000)} };
      return new Set(await Promise.all(Array.from({ length: 50 }, one))).size;`;
    assert.equal(await world.ask(pod, code), 1);
  });

  test(
    "a server at another address of the machine is reached by it",
    { skip: ownAddress === undefined },
    async () => {
      const other = await startEcho(ownAddress ?? "");
      assert.equal(await world.ask(pod, echo(ownAddress ?? "", other.port, 10)), "the same");
      other.server.close();
    },
  );

  test("what is refused outside is reset", async () => {
    const closed = await startEcho("127.0.0.1");
    closed.server.close();
    await once(closed.server, "close");
    assert.deepEqual(await world.ask(pod, echo(machine, closed.port, 10)), { error: "ECONNRESET" });
  });

  test("what is not TCP is refused at once", async () => {
    const code = `
      const socket = require("node:dgram").createSocket("udp4");
      socket.connect(53, "${machine}", () => socket.send("hello"));
      const [error] = await require("node:events").once(socket, "error");
      socket.close();
      return error.code;`;
    assert.equal(await world.ask(pod, code), "EHOSTUNREACH");
  });

  test("a NetworkPolicy says what a pod may reach outside", async () => {
    const { client } = world.cluster;
    const policy = (cidr: string): NetworkPolicy => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "outside", namespace: "default" },
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr } }] }] },
    });
    await client.create<NetworkPolicy>(resourceTypes.networkpolicies, policy("203.0.113.0/24"));
    await world.becomes("silent", pod, machine, echoed.port);
    const { spec } = policy(`${machine}/32`);
    await client.patch(resourceTypes.networkpolicies, "default", "outside", "merge", { spec });
    await world.becomes("open", pod, machine, echoed.port);
    await client.delete(resourceTypes.networkpolicies, "default", "outside");
  });
});

test(
  "without leave a pod does not reach the machine, which is told",
  { skip: skipWithoutNetwork },
  async () => {
    const { server, port } = await startEcho("0.0.0.0");
    const notices: string[] = [];
    await using world = await startTalkingCluster({ onNotice: (text) => notices.push(text) });
    const [pod] = (await world.start({ name: "client" })) as [Pod];
    for (const address of [machine, ...(ownAddress === undefined ? [] : [ownAddress])]) {
      assert.deepEqual(await world.ask(pod, echo(address, port, 10)), { error: "ECONNRESET" });
      assert.match(
        notices.at(-1) ?? "",
        new RegExp(`this machine itself \\(${address}:${port}\\).*--allow-host`),
      );
    }
    server.close();
  },
);
