import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPublicAddress } from "./is-public-address.ts";

describe("isPublicAddress", () => {
  it("takes the addresses of one's own for not public, from the first of each block to the last", () => {
    const own = [
      "127.0.0.1 127.255.255.255 0.0.0.0 10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255",
      "100.64.0.0 100.127.255.255 169.254.0.0 169.254.169.254 192.0.2.1 198.51.100.255 203.0.113.7 198.18.0.1",
      "::1 :: fe80::1 fe80::1%eth0 febf:ffff:: fc00::1 fdff::1 2001:db8::1 3fff::1",
      "::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:a01:203 0:0:0:0:0:ffff:192.168.1.1",
    ].flatMap((line) => line.split(" "));
    assert.deepEqual(
      own.filter((address) => isPublicAddress(address)),
      [],
    );
  });

  it("takes every other for public, also those just beside a block", () => {
    const others = [
      "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 100.63.255.255",
      "100.128.0.0 169.253.255.255 169.255.0.0 126.255.255.255 128.0.0.0 192.0.3.0 198.17.255.255 198.20.0.0",
      "2606:4700::1111 2001:4860:4860::8888 fbff::1 fec0::1 2001:db9::1 ::2 ::ffff:8.8.8.8 ::ffff:808:808",
    ].flatMap((line) => line.split(" "));
    assert.deepEqual(
      others.filter((address) => !isPublicAddress(address)),
      [],
    );
  });

  it("refuses what is no address", () => {
    for (const text of ["", "localhost", "10.0.0", "1.2.3.4:80", "[::1]"]) {
      assert.throws(() => isPublicAddress(text), TypeError);
    }
  });
});
