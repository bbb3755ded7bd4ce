import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cidrErrors, endpointIpErrors, ipErrors, parseIp } from "./ip-address.ts";

const messages = (errors: Iterable<{ readonly message: string }>): string[] =>
  Array.from(errors, ({ message }) => message.replace(/^Invalid value: "[^"]*": /, ""));

test("addresses are numbers, however they are written", () => {
  for (const [text, family, value] of [
    ["10.1.2.3", 4, 0x0a_01_02_03n],
    ["010.1.2.03", 4, 0x0a_01_02_03n],
    ["0.0.0.0", 4, 0n],
    ["::ffff:10.1.2.3", 4, 0x0a_01_02_03n],
    ["::1", 6, 1n],
    ["::", 6, 0n],
    ["fd00::1:2", 6, (0xfd00n << 112n) | 0x1_0002n],
    ["64:ff9b::10.1.2.3", 6, (0x64n << 112n) | (0xff9bn << 96n) | 0x0a_01_02_03n],
    ["1:2:3:4:5:6:7:8", 6, 0x0001_0002_0003_0004_0005_0006_0007_0008n],
  ] as const)
    assert.deepEqual(parseIp(text), { family, value }, text);
  for (const text of ["", "web", "10.1.2", "10.1.2.256", "1:2", "fe80::1%eth0", "10.1.2.3/8", "1.2.3.4.5"])
    assert.equal(parseIp(text), undefined, text);
});

test("any address that Node takes is read, and read back", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
      assert.equal(parseIp(four)?.family, 4);
      assert.notEqual(parseIp(six), undefined, six);
      assert.deepEqual(messages(ipErrors("ip", four)), []);
    }),
  );
});

test("sloppy addresses are refused where none was before", () => {
  assert.deepEqual(messages(ipErrors("ip", "010.1.2.3")), ["must not have leading 0s"]);
  assert.deepEqual(messages(ipErrors("ip", "010.1.2.3", ["010.1.2.3"])), []);
  assert.deepEqual(messages(ipErrors("ip", "::ffff:1.2.3.4")), ["must not be an IPv4-mapped IPv6 address"]);
  assert.equal(messages(ipErrors("ip", "x")).length, 1);
});

test("ranges", () => {
  for (const range of ["10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "fd00::/64", "::/0", "fd00::1/128"])
    assert.deepEqual(messages(cidrErrors("range", range)), [], range);
  const valid = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  for (const [range, why] of [
    ["10.0.0.0", valid],
    ["10.0.0.0/33", valid],
    ["fd00::/129", valid],
    ["10.0.0.0/8/8", valid],
    ["10.0.0.0/-1", valid],
    ["010.0.0.0/8", "must not have leading 0s in IP or prefix length"],
    ["10.0.0.0/08", "must not have leading 0s in IP or prefix length"],
    ["10.0.0.1/8", "must not have bits set beyond the prefix length"],
    ["fd00::1/64", "must not have bits set beyond the prefix length"],
    ["::ffff:10.0.0.0/104", "must not have an IPv4-mapped IPv6 address"],
  ] as const)
    assert.deepEqual(messages(cidrErrors("range", range)), [why], range);
});

test("traffic goes to no address of a machine's own", () => {
  for (const address of [
    "127.0.0.1",
    "::1",
    "0.0.0.0",
    "::",
    "169.254.0.9",
    "fe80::1",
    "224.0.0.1",
    "ff02::1",
  ])
    assert.equal(messages(endpointIpErrors("ip", address)).length, 1, address);
  for (const address of ["10.1.2.3", "fd00::1", "128.0.0.1", "127.244.1.2", "169.253.0.1"])
    assert.deepEqual(messages(endpointIpErrors("ip", address)), [], address);
});
