import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createPodLinks } from "./pod-links.ts";

function fakeNetwork(context: TestContext) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const said: string[] = [];
  const agent = {
    async run(argv: readonly string[], input = "") {
      said.push(`${argv[2]}: ${input.trim().replaceAll("\n", "; ")}`);
      return { exitCode: 0, output: "" };
    },
  };
  const batch = { run: async (lines: readonly string[]) => void said.push(lines.join("; ")) };
  const links = createPodLinks(agent, batch);
  context.after(() => links[Symbol.dispose]());
  return { links, said, taken: () => said.splice(0) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const made = (id: string) =>
  `netns add ${id}; link add ${id} address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:01 netns ${id}; link set ${id} up arp off`;
const up = "link set lo up; link set eth0 up arp off; route add default dev eth0";

test("a link is laid whole where none lies ready", async (context) => {
  const { links, taken } = fakeNetwork(context);
  assert.equal(await links.lay("10.244.1.2"), "pod1");
  assert.deepEqual(taken(), [
    `${made("pod1")}; route add 10.244.1.2/32 dev pod1 src 10.245.255.254`,
    `pod1: ${up}; addr add 10.244.1.2/32 dev eth0`,
  ]);
});

test("two lie ready after a while, get addresses only, and are made anew when a pod has had time to run", async (context) => {
  const { links, taken } = fakeNetwork(context);
  context.mock.timers.tick(100);
  await settled();
  assert.deepEqual(taken().toSorted(), [made("pod1"), made("pod2"), `pod1: ${up}`, `pod2: ${up}`]);
  assert.equal(await links.lay("10.244.1.2"), "pod1");
  assert.deepEqual(taken(), [
    "route add 10.244.1.2/32 dev pod1 src 10.245.255.254",
    "pod1: addr add 10.244.1.2/32 dev eth0",
  ]);
  await Promise.all(["10.244.1.3", "10.244.1.4", "10.244.1.5"].map((ip) => links.lay(ip)));
  taken();
  context.mock.timers.tick(100);
  await settled();
  assert.deepEqual(taken().toSorted(), [made("pod5"), made("pod6"), `pod5: ${up}`, `pod6: ${up}`]);
});
