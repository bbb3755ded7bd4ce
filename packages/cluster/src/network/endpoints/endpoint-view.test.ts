import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { seededRandom } from "../../random.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { createEndpointView, noEndpoints } from "./endpoint-view.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { profiles, type ProfileName } from "../../profiles.ts";
import type { Propagation } from "./propagation.ts";

function viewOf(propagation: Propagation, seed = 1, workers = 2) {
  const clock = fakeClock(1_000_000);
  return { clock, view: createEndpointView({ propagation, workers, clock, random: seededRandom(seed) }) };
}

function endpoints(...ips: string[]): EndpointState[] {
  return ips.map((ip) => ({
    portName: "",
    protocol: "TCP",
    ip,
    port: 80,
    ready: true,
    serving: true,
    terminating: false,
  }));
}

function ips(seen: readonly EndpointState[]): string[] {
  return seen.map((endpoint) => endpoint.ip).sort();
}

test("in a hurry every view learns at once, and has its own pace when the hurry is over", () => {
  for (const name of Object.keys(profiles) as ProfileName[]) {
    const clock = fakeClock(1_000_000);
    let isHurried = true;
    const view = createEndpointView({
      propagation: profiles[name].edge,
      workers: 2,
      clock,
      random: seededRandom(1),
      isHurried: () => isHurried,
    });
    for (const ip of ["a", "b", "c"]) {
      view.update("s", () => endpoints(ip));
      clock.advance(0);
      for (const worker of [0, 1]) assert.deepEqual(ips(view.get("s", worker)), [ip], name);
    }
    isHurried = false;
    view.update("s", () => endpoints("d"));
    view.update("s", () => endpoints("e"));
    clock.advance(0);
    assert.equal(ips(view.get("s", 1)).includes("e"), name === "instant", name);
    clock.advance(120_000);
    for (const worker of [0, 1]) assert.deepEqual(ips(view.get("s", worker)), ["e"], name);
  }
});

test("kube-proxy: the first change is taken at once, the next a second later", () => {
  const { clock, view } = viewOf(profiles["ingress-nginx"].service);
  view.update("s", () => endpoints("a"));
  assert.deepEqual(ips(view.get("s")), ["a"]);
  clock.advance(150);
  view.update("s", () => endpoints("b"));
  clock.advance(849);
  assert.deepEqual(ips(view.get("s")), ["a"]);
  clock.advance(1);
  assert.deepEqual(ips(view.get("s")), ["b"]);
});

test("ingress-nginx: in a rollout the removal waits for the token, then for each worker's poll", () => {
  const { clock, view } = viewOf(profiles["ingress-nginx"].edge);
  view.update("s", () => endpoints("old", "new"));
  clock.advance(1000);
  for (const worker of [0, 1]) assert.deepEqual(ips(view.get("s", worker)), ["new", "old"]);
  clock.advance(10_000);
  view.update("s", () => endpoints("old", "new", "newer"));
  clock.advance(100);
  view.update("s", () => endpoints("new", "newer"));
  clock.advance(3200);
  for (const worker of [0, 1]) assert.ok(ips(view.get("s", worker)).includes("old"));
  clock.advance(34);
  const forgotten: number[] = [];
  for (let elapsed = 0; elapsed <= 1000; elapsed += 1) {
    for (const worker of [0, 1]) {
      if (forgotten[worker] === undefined && !ips(view.get("s", worker)).includes("old"))
        forgotten[worker] = elapsed;
    }
    clock.advance(1);
  }
  assert.equal(forgotten.length, 2);
  assert.notEqual(forgotten[0], forgotten[1]);
});

test("a reload brings the endpoints to all workers with it", () => {
  const { view } = viewOf(profiles["ingress-nginx"].edge);
  let applied = 0;
  // The first sync takes the only token, so the reload and the second update come together.
  const { clock, view: other } = viewOf(profiles["ingress-nginx"].edge);
  other.update("s", () => endpoints("a"));
  other.update("s", () => endpoints("b"));
  other.reload(() => {
    applied += 1;
  });
  clock.advance(3333);
  assert.equal(applied, 0);
  clock.advance(1);
  assert.equal(applied, 1);
  for (const worker of [0, 1]) assert.deepEqual(ips(other.get("s", worker)), ["b"]);
  assert.deepEqual(view.get("s"), []);
});

test("envoy: every change arrives within 15 to 60 ms", () => {
  const { clock, view } = viewOf(profiles.envoy.edge);
  view.update("s", () => endpoints("a"));
  clock.advance(14);
  assert.deepEqual(ips(view.get("s")), []);
  clock.advance(46);
  assert.deepEqual(ips(view.get("s")), ["a"]);
});

test("cloud-lb: a target leaves after 10 to 40 s and comes within 3 s", () => {
  const { clock, view } = viewOf(profiles["cloud-lb"].edge);
  view.update("s", () => endpoints("a"));
  clock.advance(3000);
  view.update("s", () => endpoints("b"));
  clock.advance(3000);
  assert.deepEqual(ips(view.get("s")), ["a", "b"]);
  clock.advance(6999);
  assert.deepEqual(ips(view.get("s")), ["a", "b"]);
  clock.advance(30_001);
  assert.deepEqual(ips(view.get("s")), ["b"]);
});

test("instant: at once, without a timer", () => {
  const { clock, view } = viewOf(profiles.instant.edge);
  view.update("s", () => endpoints("a"));
  assert.deepEqual(ips(view.get("s")), ["a"]);
  assert.equal(clock.waiting, 0);
});

test("a stream of changes puts endpoints together for those who look only", () => {
  const { view } = viewOf(profiles.instant.edge);
  const asked: string[] = [];
  for (const ip of ["a", "b"]) {
    view.update("s", () => {
      asked.push(ip);
      return endpoints(ip);
    });
  }
  assert.deepEqual(ips(view.get("s")), ["b"]);
  assert.deepEqual(asked, ["b"]);
  view.update("s", noEndpoints);
  assert.deepEqual(view.get("s"), []);
});

const longestMs: Readonly<Record<ProfileName, number>> = {
  instant: 0,
  "ingress-nginx": 3334 + 1000,
  envoy: 60,
  traefik: 2000,
  "cloud-lb": 40_000,
};

for (const name of Object.keys(profiles) as ProfileName[]) {
  const steps = fc.array(fc.record({ waitMs: fc.nat(5000), set: fc.subarray(["a", "b", "c", "d"]) }), {
    minLength: 1,
    maxLength: 20,
  });
  test(`${name}: a view knows nothing that never was, is never later than its bound, and leaves no timer`, () => {
    fc.assert(
      fc.property(steps, fc.nat(), (changes, seed) => {
        const { clock, view } = viewOf(profiles[name].edge, seed);
        const ever = new Set<string>();
        for (const { waitMs, set } of changes) {
          clock.advance(waitMs);
          for (const ip of set) ever.add(ip);
          view.update("s", () => endpoints(...set));
          for (const worker of [0, 1]) for (const ip of ips(view.get("s", worker))) assert.ok(ever.has(ip));
        }
        clock.advance(longestMs[name] + 1);
        for (const worker of [0, 1]) {
          assert.deepEqual(ips(view.get("s", worker)), [...(changes.at(-1)?.set ?? [])].sort());
        }
        assert.equal(clock.waiting, 0);
      }),
      { numRuns: 60 },
    );
  });
}

test("a disposed view leaves no timer and takes no change", () => {
  for (const profile of Object.values(profiles)) {
    const { clock, view } = viewOf(profile.edge);
    view.update("s", () => endpoints("a"));
    view.update("s", () => endpoints("b"));
    view[Symbol.dispose]();
    assert.equal(clock.waiting, 0, profile.name);
  }
});
