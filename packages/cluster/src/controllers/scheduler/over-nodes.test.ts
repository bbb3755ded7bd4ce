import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Node, Pod } from "@seaworthy/kube";
import { nodeInfo, type NodeInfo } from "./node-info.ts";
import { overNodes } from "./over-nodes.ts";
import { perNode } from "./per-node.ts";
import { PodIndex } from "./pod-index.ts";

const nodes: Node[] = Array.from({ length: 6 }, (_, index) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: `n${index}` },
  status: { allocatable: { cpu: "4" } },
}));

function pod(serial: number, nodeName: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `p${serial}`, uid: `u${serial}`, namespace: "default" },
    spec: { nodeName, containers: [{ name: "c", resources: { requests: { cpu: "100m" } } }] },
  };
}

const podsByNode = overNodes(
  (prefix: string) => `pods ${prefix}`,
  (prefix) => {
    const sum = new Map<string, number>();
    return {
      sum,
      count({ node, pods }, sign) {
        const key = prefix + node.metadata.name;
        sum.set(key, (sum.get(key) ?? 0) + sign * pods.length);
      },
    };
  },
);

const comings = fc.array(fc.tuple(fc.nat(8), fc.nat(5), fc.constantFrom("place", "remove", "reorder")));

test("what is kept from one pod to the next is what a look at everything gives", () => {
  fc.assert(
    fc.property(comings, (steps) => {
      const index = new PodIndex();
      const placed = new Map<number, Pod>();
      let order = nodes;
      for (const [serial, place, step] of steps) {
        if (step === "reorder") order = [...nodes.slice(place), ...nodes.slice(0, place)];
        const object = pod(serial, `n${place}`);
        if (step === "place") {
          index.observe({ type: "added", object });
          placed.set(serial, object);
        }
        if (step === "remove" && placed.delete(serial)) index.observe({ type: "deleted", object });
        const infos = index.nodeInfos(order, pod(99, ""));
        const fresh = order.map((node) =>
          nodeInfo(
            node,
            infos
              .find((info) => info.node === node)!
              .pods.filter(({ spec }) => spec.nodeName === node.metadata.name),
          ),
        );
        const shown = (all: readonly NodeInfo[]) =>
          all.map(({ node, pods, load, requested }) => [node.metadata.name, pods.length, load, requested]);
        assert.deepEqual(shown(infos), shown(fresh));
        for (const prefix of ["a-", "b-"]) {
          const sum = podsByNode(prefix, { nodes: infos, sums: index.sums });
          for (const node of nodes) {
            const { name } = node.metadata;
            const there = [...placed.values()].filter(({ spec }) => spec.nodeName === name);
            assert.equal(sum.get(prefix + name) ?? 0, there.length);
          }
        }
      }
    }),
  );
});

test("a node is looked at once for all pods with the same wish, and again when it has changed", () => {
  const looks: string[] = [];
  const look = perNode(
    (wish: { readonly color: string }) => wish.color,
    ({ color }) =>
      ({ node, pods }) => {
        looks.push(`${color} ${node.metadata.name}`);
        return `${color} ${pods.length}`;
      },
  );
  const [one, two] = [nodeInfo(nodes[0]!, []), nodeInfo(nodes[1]!, [])];
  const seen = ["red", "red", "blue", "red"].map((color) => [one, two].map(look({ color })));
  assert.deepEqual(seen.map(String), ["red 0,red 0", "red 0,red 0", "blue 0,blue 0", "red 0,red 0"]);
  assert.deepEqual(looks, ["red n0", "red n1", "blue n0", "blue n1", "red n0", "red n1"]);
  assert.equal(look({ color: "red" })(nodeInfo(nodes[0]!, [pod(1, "n0")])), "red 1");
});
