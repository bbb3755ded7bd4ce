/** Prometheus' text format 0.0.4, or OpenMetrics 1.0.0. */
export type ExpositionFormat = "text" | "openmetrics";

/**
 * The format for an `Accept` header (RFC 9110 section 12.5.1): OpenMetrics when the header names it and wants it no less
 * than plain text; plain text otherwise, and for a header that makes no sense.
 */
export function negotiateExposition(accept = ""): ExpositionFormat {
  let openMetrics = 0;
  const text = new Map<string, number>();
  for (const { type, version, quality } of accept.split(",").map(parseMediaRange)) {
    if (type === "application/openmetrics-text" && (version === undefined || version === "1.0.0"))
      openMetrics = Math.max(openMetrics, quality);
    else if (version === undefined || version === "0.0.4")
      text.set(type, Math.max(text.get(type) ?? 0, quality));
  }
  // The most specific range that fits decides.
  const plainText = text.get("text/plain") ?? text.get("text/*") ?? text.get("*/*") ?? 0;
  return openMetrics > 0 && openMetrics >= plainText ? "openmetrics" : "text";
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

function parseMediaRange(range: string): MediaRange {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  const parameter = (name: string): string | undefined =>
    parameters
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', "");
  const quality = parameter("q") ?? "1";
  return {
    type,
    version: parameter("version"),
    quality: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0,
  };
}
