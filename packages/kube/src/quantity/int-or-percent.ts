import { SeaworthyError } from "@seaworthy/errors";

/**
 * What `maxSurge: 25%` comes to for a total. A whole number stands for itself.
 * Kubernetes rounds maxSurge up and maxUnavailable down.
 */
export function resolveIntOrPercent(value: number | string, total: number, round: "up" | "down"): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  const percent = /^(\d{1,9})%$/.exec(String(value))?.[1];
  if (percent === undefined) {
    throw new SeaworthyError(
      "SW1105",
      `${JSON.stringify(value)} is neither a whole number nor a percentage`,
      {
        next: ['write it like 1 or "25%"'],
      },
    );
  }
  const share = (Number(percent) * total) / 100;
  return round === "up" ? Math.ceil(share) : Math.floor(share);
}
