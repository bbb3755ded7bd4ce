import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, RECURSION_DESIRED, type Answer, type Packet } from "dns-packet";
import { assert as check, asyncProperty, uint8Array } from "fast-check";
import type { Service } from "@seaworthy/kube";
import { answerQuery, roomOverUdp, type AskUpstream } from "./answer-query.ts";
import type { NameSources } from "./cluster-names.ts";

const service = (name: string, spec: Service["spec"]): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec,
});

const manyEndpoints = Array.from({ length: 100 }, (_, index) => ({
  addresses: [`10.244.1.${index + 2}`],
  conditions: { ready: true },
}));

const sources: NameSources = {
  services: [
    service("web", { clusterIP: "10.96.0.20" }),
    service("many", { clusterIP: "None" }),
    service("away", { type: "ExternalName", externalName: "example.org" }),
  ],
  slicesOf: () => [
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "many" },
      addressType: "IPv4",
      endpoints: manyEndpoints,
    },
  ],
  hasNamespace: (name) => name === "shop",
};

const upstreamAnswer: Answer = { type: "A", name: "example.org", ttl: 60, data: "192.0.2.1" };
const upstream: AskUpstream = (query) =>
  Promise.resolve(encode({ type: "response", id: decode(query).id ?? 0, answers: [upstreamAnswer] }));
const silent: AskUpstream = () => Promise.resolve(undefined);

async function ask(name: string, askUpstream = upstream, room = roomOverUdp) {
  const query = encode({ type: "query", id: 77, flags: RECURSION_DESIRED, questions: [{ type: "A", name }] });
  const answer = await answerQuery(query, sources, askUpstream, room);
  return decode(answer ?? Buffer.alloc(0));
}

/** The response code: 0 NOERROR, 2 SERVFAIL, 3 NXDOMAIN (RFC 1035 section 4.1.1). */
const codeOf = ({ flags = 0 }: Packet) => flags & 0xf;

test("an answer has the query's number and question, and says whether there is such a name", async () => {
  const found = await ask("web.shop.svc.cluster.local");
  assert.deepEqual([found.id, codeOf(found), found.flag_aa, found.flag_ra], [77, 0, true, true]);
  assert.equal(found.questions?.[0]?.name, "web.shop.svc.cluster.local");
  assert.deepEqual(
    found.answers?.map((each) => (each as { data: string }).data),
    ["10.96.0.20"],
  );
  const absent = await ask("no.shop.svc.cluster.local");
  assert.deepEqual([codeOf(absent), absent.authorities?.[0]?.type], [3, "SOA"]);
});

test("what does not fit is cut and says so, unless there is room", async () => {
  const cut = await ask("many.shop.svc.cluster.local");
  assert.deepEqual([cut.flag_tc, cut.answers?.length], [true, 0]);
  const whole = await ask("many.shop.svc.cluster.local", upstream, () => 65_535);
  assert.deepEqual([whole.flag_tc, whole.answers?.length], [false, 100]);
});

test("other names are asked of the machine's name servers, and an alias is followed there", async () => {
  assert.deepEqual((await ask("example.org")).answers?.length, 1);
  const alias = await ask("away.shop.svc.cluster.local");
  assert.deepEqual(
    alias.answers?.map(({ type }) => type),
    ["CNAME", "A"],
  );
  assert.equal(codeOf(await ask("example.org", silent)), 2);
});

test("no bytes make it fail, and what is no query has no answer", async () => {
  await check(
    asyncProperty(uint8Array({ maxLength: 200 }), async (bytes) => {
      await answerQuery(Buffer.from(bytes), sources, silent, roomOverUdp);
    }),
  );
  assert.equal(await answerQuery(Buffer.from("x"), sources, silent, roomOverUdp), undefined);
});
