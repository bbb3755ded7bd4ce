/** 32 bits to seed with, made of a number; the upper half of a large number counts as well. */
export function seedOf(seed: number): number {
  return mix(Math.floor(seed / 2 ** 32) | 0, seed);
}

/** 32 well-mixed bits of two numbers (the second may have 64 bits): the finalizer of MurmurHash3. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a | 0, 0x9e3779b1) ^ Math.imul((b | 0) + 0x7f4a7c15, 0x85ebca6b);
  if (b > 0xffff_ffff) h ^= Math.imul(Math.floor(b / 2 ** 32), 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of 32-bit numbers from a seed: xoshiro128** (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c). */
export function randomBits(seed: number): () => number {
  let a = mix(seed, 1);
  let b = mix(seed, 2);
  let c = mix(seed, 3);
  let d = mix(seed, 4) | 1;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
