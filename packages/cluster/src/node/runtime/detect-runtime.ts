import { SeaworthyError } from "@seaworthy/errors";
import { createNamespaceRuntime } from "./namespace-runtime.ts";
import type { PodRuntime } from "./pod-runtime.ts";
import { createShimRuntime } from "./shim-runtime.ts";

/** Makes the best pod runtime that this machine allows. `forced`, else the variable SEAWORTHY_RUNTIME, decides instead. */
export async function detectRuntime(
  forced: string | undefined = process.env["SEAWORTHY_RUNTIME"],
): Promise<PodRuntime> {
  if (forced === "namespace") return createNamespaceRuntime();
  if (forced === "relay") return createNamespaceRuntime({ network: "relay" });
  if (forced === "shim") return createShimRuntime();
  if (forced !== undefined && forced !== "")
    throw new SeaworthyError("SW1002", `there is no pod runtime "${forced}"`, {
      next: ["set SEAWORTHY_RUNTIME to namespace, relay or shim, or leave it out"],
    });
  try {
    return await createNamespaceRuntime();
  } catch (error) {
    if (error instanceof SeaworthyError && error.code === "SW2003") return createShimRuntime();
    throw error;
  }
}
