import assert from "node:assert/strict";
import { test } from "node:test";
import { createOriginalDestinations } from "./original-destinations.ts";

const listener = { ip: "10.245.255.254", port: 40_001 };
const table = `ipv4     2 tcp      6 431999 ESTABLISHED src=10.244.1.2 dst=198.51.100.7 sport=51000 dport=443 src=10.245.255.254 dst=10.244.1.2 sport=40001 dport=51000 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 117 SYN_SENT src=10.244.1.3 dst=10.244.1.2 sport=51000 dport=8080 [UNREPLIED] src=10.244.1.2 dst=10.244.1.3 sport=8080 dport=51000 mark=0 use=2
ipv4     2 udp      17 29 src=10.244.1.2 dst=10.96.0.10 sport=51000 dport=53 src=10.245.0.253 dst=10.244.1.2 sport=53 dport=51000 mark=0 use=2
ipv4     2 tcp      6 110 TIME_WAIT src=10.244.1.2 dst=198.51.100.8 sport=51000 dport=80 packets=5 bytes=300 src=10.245.255.254 dst=10.244.1.2 sport=40001 dport=1027 packets=4 bytes=600 [ASSURED] mark=0 use=2
`;

test("a destination is found by the client's port as the kernel has left or changed it", async () => {
  const { find } = createOriginalDestinations(async () => table, listener);
  assert.deepEqual(await find({ ip: "10.244.1.2", port: 51_000 }), { ip: "198.51.100.7", port: 443 });
  assert.deepEqual(await find({ ip: "10.244.1.2", port: 1027 }), { ip: "198.51.100.8", port: 80 });
  assert.equal(await find({ ip: "10.244.1.3", port: 51_000 }), undefined);
});

test("connections that wait together cost one reading, and one that comes during a reading waits for the next", async () => {
  const readings: PromiseWithResolvers<string>[] = [];
  const { find } = createOriginalDestinations(() => {
    const reading = Promise.withResolvers<string>();
    readings.push(reading);
    return reading.promise;
  }, listener);
  const client = { ip: "10.244.1.2", port: 51_000 };
  const first = find(client);
  const others = [find(client), find(client)];
  assert.equal(readings.length, 1);
  readings[0]?.resolve("");
  assert.equal(await first, undefined);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(readings.length, 2);
  readings[1]?.resolve(table);
  assert.deepEqual(
    (await Promise.all(others)).map((found) => found?.port),
    [443, 443],
  );
});

test("who waits is told when the table cannot be read", async () => {
  const { find } = createOriginalDestinations(() => Promise.reject(new Error("EACCES")), listener);
  await assert.rejects(find({ ip: "10.244.1.2", port: 1 }), /EACCES/);
});
