/** Puts values on a line of pixels, with marks at round values. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** A scale from 0 to a round value at or above `most`. */
export function linearScale(most: number, [from, to]: readonly [number, number], wanted = 4): Scale {
  const step = roundUp((most > 0 ? most : 1) / wanted);
  const top = Math.max(1, Math.ceil((most > 0 ? most : 1) / step - 1e-9)) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
  return scaleOf((value) => from + ((to - from) * value) / top, ticks);
}

/** A scale from 0 to `most` exactly, because time does not go on behind the end of the run. */
export function timeScale(mostMs: number, [from, to]: readonly [number, number], wanted = 8): Scale {
  const most = Math.max(1, mostMs);
  const step = timeSteps.find((each) => most / each <= wanted) ?? roundUp(most / wanted);
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
  return scaleOf((value) => from + ((to - from) * value) / most, ticks);
}

const timeSteps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400].flatMap(
  (seconds) => (seconds === 1 ? [10, 20, 50, 100, 200, 500, 1000] : [seconds * 1000]),
);

/**
 * A logarithmic scale between 1, 2 or 5 times a power of ten below `least` and above `most`; lower values lie on the edge. A
 * least value of 0 has no place on the scale, so a millionth of the most stands for it.
 */
export function logScale(least: number, most: number, [from, to]: readonly [number, number]): Scale {
  const bottom = roundDown(least > 0 ? least : most > 0 ? most / 1e6 : 1);
  const top = Math.max(roundUp(most), bottom * 5);
  const span = Math.log10(top / bottom);
  const steps = span > 2.5 ? [1] : span > 1.4 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(bottom)); 10 ** power <= top * 1.001; power += 1) {
    for (const step of steps) {
      const value = Number((step * 10 ** power).toPrecision(6));
      if (value >= bottom * 0.999 && value <= top * 1.001) ticks.push(value);
    }
  }
  return scaleOf(
    (value) => from + ((to - from) * Math.log10(Math.max(value, bottom) / bottom)) / span,
    ticks,
  );
}

function scaleOf(place: (value: number) => number, ticks: readonly number[]): Scale {
  return Object.assign((value: number) => Math.round(place(value) * 10) / 10, { ticks });
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [5, 2, 1].find((each) => each * power <= value * (1 + 1e-9)) ?? 1;
  return step * power;
}
