import assert from "node:assert/strict";
import { test } from "node:test";
import { profiles } from "../../profiles.ts";
import { seededRandom } from "../../random.ts";
import { fakeClock } from "../../testing/fake-clock.ts";
import { createEndpointView } from "./endpoint-view.ts";
import { tellOfView, type SeenEndpoint } from "./tell-of-view.ts";

const endpoint = (ip: string, ready = true) => ({
  portName: "",
  protocol: "TCP",
  ip,
  port: 80,
  ready,
  serving: true,
  terminating: !ready,
});

test("an address is told of when the first worker takes it, and again when the last one lets go", () => {
  const clock = fakeClock(1_000_000);
  const workers = 2;
  const propagation = profiles["ingress-nginx"].edge;
  const view = createEndpointView({ propagation, workers, clock, random: seededRandom(1) });
  const told: SeenEndpoint[] = [];
  const names = tellOfView(view, { by: "edge", workers, clock, tell: (seen) => void told.push(seen) });
  const update = (...args: Parameters<typeof view.update>) => {
    // The order in which the two are fed must not matter.
    names.update(...args);
    view.update(...args);
  };
  update("default/web", () => [endpoint("10.0.0.1")]);
  clock.advance(5_000);
  update("default/web", () => [endpoint("10.0.0.1", false), endpoint("10.0.0.2")]);
  let until = 0;
  for (let elapsed = 0; elapsed < 10_000; elapsed += 1) {
    clock.advance(1);
    const isAsked = [0, 1].some((worker) =>
      view.get("default/web", worker).some(({ ip, ready }) => ip === "10.0.0.1" && ready),
    );
    if (isAsked) until = clock.now() + 1;
  }
  const of = (address: string) =>
    told.filter(({ ip }) => ip === address).map(({ ready, at }) => [ready, at] as const);
  assert.deepEqual(
    of("10.0.0.1").map(([ready]) => ready),
    [true, false],
  );
  assert.equal(Math.ceil(of("10.0.0.1")[1]?.[1] ?? 0), until);
  assert.deepEqual(
    of("10.0.0.2").map(([ready]) => ready),
    [true],
  );
  assert.ok(told.every(({ by, service }) => by === "edge" && service === "default/web"));
});

test("a view that learns at once tells of a Service whose slices came before it was looked at", () => {
  const clock = fakeClock(1_000_000);
  const view = createEndpointView({
    propagation: { kind: "instant" },
    workers: 1,
    clock,
    random: seededRandom(1),
  });
  const told: SeenEndpoint[] = [];
  const names = tellOfView(view, { by: "services", workers: 1, clock, tell: (seen) => void told.push(seen) });
  view.update("default/web", () => [endpoint("10.0.0.1")]);
  names.update("default/web", () => []);
  assert.deepEqual(
    told.map(({ ip, ready }) => [ip, ready]),
    [["10.0.0.1", true]],
  );
});
