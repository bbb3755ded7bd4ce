/** A whole number with thousands set apart: `30,000`. */
export function countText(value: number): string {
  return value.toLocaleString("en-US");
}

/** A time with three figures, in the unit that fits: `0.042 ms`, `4.52 ms`, `452 ms`, `1.23 s`. */
export function msText(ms: number): string {
  return ms < 999.5 ? `${threeFigures(ms)} ms` : `${threeFigures(ms / 1000)} s`;
}

/** A round time, as on a scale, without zeros at its end: `0.5 ms`, `20 ms`, `1 s`. */
export function roundMsText(ms: number): string {
  return ms < 999.5 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

/** How long something took: `0.8 s`, `30 s`, `2 min 5 s`, `1 h 2 min`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joined(Math.floor(whole / 60), "min", whole % 60, "s");
  return joined(Math.floor(whole / 3600), "h", Math.round((whole % 3600) / 60), "min");
}

/** Requests per second: `1,000/s`, `0.5/s`. */
export function rateText(perSecond: number): string {
  return `${perSecond.toLocaleString("en-US", { maximumFractionDigits: perSecond < 10 ? 2 : 1 })}/s`;
}

/** A number of bytes in decimal units: `812 B`, `4.10 MB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} B` : `${threeFigures(bytes / 1000 ** power)} ${units[power]}`;
}

/** A share in per cent with two figures, so that small ones do not become 0: `0.01 %`, `12 %`. */
export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function threeFigures(value: number): string {
  if (!(value > 0)) return "0";
  return value.toFixed(Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Number(value.toPrecision(3)))))));
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
