import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { loadProtobuf } from "./load-protobuf.ts";
import { ProtobufError } from "./protobuf-error.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

type JsonObject = Record<string, unknown>;

/** Objects of every kind as Kubernetes' own code writes them: scripts/generate-protobuf.ts. */
const samples = JSON.parse(
  gunzipSync(readFileSync(new URL("testing/samples.generated.json.gz", import.meta.url))).toString(),
) as Record<string, { readonly json: JsonObject; readonly protobuf: string }[]>;

describe("objects of every kind, filled by Kubernetes' own code", async () => {
  const codec = await loadProtobuf();
  for (const [kind, objects] of Object.entries(samples))
    test(kind, () => {
      for (const { json, protobuf } of objects) {
        assert.deepEqual(codec.decode(codec.open(Buffer.from(protobuf, "base64"))), json);
        assert.equal(codec.encode(json as never)?.toString("base64"), protobuf);
      }
    });
});

test("whatever bytes come, they are an object or a ProtobufError", async () => {
  const codec = await loadProtobuf();
  const bodies = Object.values(samples).flatMap((objects) =>
    objects.map(({ protobuf }) => Buffer.from(protobuf, "base64")),
  );
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    byte: fc.nat(255),
  });
  const spoilt = fc
    .record({ body: fc.constantFrom(...bodies), changes: fc.array(change, { maxLength: 4 }), end: change })
    .map(({ body, changes, end }) => {
      const copy = Buffer.from(body);
      for (const { at, byte } of changes) copy[Math.floor(at * copy.length)] = byte;
      return end.byte < 64 ? copy.subarray(0, Math.floor(end.at * copy.length)) : copy;
    });
  fc.assert(
    fc.property(spoilt, (body) => {
      try {
        codec.encode(codec.decode(codec.open(body)));
      } catch (error) {
        assert.ok(error instanceof ProtobufError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a message in two parts is their sum, also where the first part left something out", async () => {
  const codec = await loadProtobuf();
  const withoutLists = (object: unknown): unknown =>
    JSON.parse(JSON.stringify(object, (key, value: unknown) => (Array.isArray(value) ? [] : value)));
  for (const objects of Object.values(samples))
    for (const { json, protobuf } of objects) {
      const envelope = codec.open(Buffer.from(protobuf, "base64"));
      const twice = codec.decode({ ...envelope, raw: Buffer.concat([envelope.raw, envelope.raw]) });
      // Lists are twice as long.
      assert.deepEqual(withoutLists(twice), withoutLists(json));
    }
  const read = (...bytes: number[]) =>
    codec.decode({ kind: "Deployment", apiVersion: "apps/v1", raw: Buffer.from(bytes) })["spec"];
  // A spec without a selector, then one with `a: b`.
  const labels = [0x12, 0x0a, 0x12, 0x08, 0x0a, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x62];
  assert.deepEqual((read(0x12, 0, ...labels) as JsonObject)["selector"], { matchLabels: { a: "b" } });
});

test("messages inside messages are read down to a limit", async () => {
  const codec = await loadProtobuf();
  let schema = Buffer.alloc(0);
  for (let depth = 0; depth < 5_000; depth += 1) {
    const length = new ProtobufWriter();
    length.varint(schema.length);
    // `not`, the 28th field of a JSON schema.
    schema = Buffer.concat([Buffer.from([0xe2, 0x01]), length.finish(), schema]);
  }
  // spec.versions[0].schema.openAPIV3Schema, from the inside.
  const path = [1, 4, 7, 2];
  const raw = path.reduce((inner, number) => {
    const head = new ProtobufWriter();
    head.varint(inner.length);
    head.tag(number, 2);
    return Buffer.concat([head.finish(), inner]);
  }, schema);
  const kind = "CustomResourceDefinition";
  assert.throws(() => codec.decode({ kind, apiVersion: "apiextensions.k8s.io/v1", raw }), /nested too deep/);
});

test("what Kubernetes says of bodies that are none", async () => {
  const codec = await loadProtobuf();
  const said = (bytes: string) => {
    try {
      codec.decode(codec.open(Buffer.from(bytes, "latin1")));
      return "nothing";
    } catch (error) {
      return (error as Error).message;
    }
  };
  // Asked of a kube-apiserver v1.36.3.
  assert.equal(
    said("abc"),
    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
  );
  assert.equal(said(""), "empty data");
  assert.equal(said("k8s\0"), "empty body");
  assert.equal(said("k8s\0\u0001\u0002"), "proto: Unknown: illegal tag 0 (wire type 1)");
  const head = "k8s\0\n\u000f\n\u0002v1\u0012\tConfigMap";
  assert.equal(said(`${head}\u0012\u0002\n\u003f`), "unexpected EOF");
  assert.equal(
    said("k8s\0\n\u000d\n\u0002v1\u0012\u0007ConfigM\u0012\u0002\n\0"),
    'no kind "ConfigM" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  );
});
