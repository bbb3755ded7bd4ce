/** How a remote command ended: with an exit code, or it could not be started, in the container runtime's words. */
export type Outcome = { readonly exitCode: number } | { readonly failure: string };

/** The versions of channel.k8s.io by how they tell an outcome: v5 and v4 as a Status, those before as a text. */
export type OutcomeForm = "v5" | "v4" | "text";

/** What the client is told, in the words of a real cluster; undefined when it is told nothing. */
export function formatOutcome(
  outcome: Outcome,
  form: OutcomeForm,
  argv: readonly string[],
): string | undefined {
  if ("exitCode" in outcome && outcome.exitCode === 0) {
    if (form === "text") return undefined;
    return form === "v5" ? `{"metadata":{},"status":"Success"}` : `{"status":"Success"}`;
  }
  if (form === "text") return "failure" in outcome ? failed(outcome.failure) : exited(outcome.exitCode, argv);
  const status =
    "failure" in outcome ? failureStatus(outcome.failure, form) : exitStatus(outcome.exitCode, form, argv);
  // v5 is told by the API server, which writes an empty metadata; v4 by the container runtime, which leaves it out.
  return JSON.stringify(form === "v5" ? { metadata: {}, ...status } : status);
}

function exitStatus(exitCode: number, form: "v5" | "v4", argv: readonly string[]) {
  const message =
    form === "v4"
      ? exited(exitCode, argv)
      : `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`;
  const details = { causes: [{ reason: "ExitCode", message: String(exitCode) }] };
  return { status: "Failure", message, reason: "NonZeroExitCode", details };
}

function exited(exitCode: number, argv: readonly string[]): string {
  return `command terminated with non-zero exit code: error executing command [${argv.join(" ")}], exit code ${exitCode}`;
}

function failureStatus(failure: string, form: "v5" | "v4") {
  const message = failed(failure);
  if (form === "v4") return { status: "Failure", message, reason: "InternalError", code: 500 };
  return {
    status: "Failure",
    message: `Internal error occurred: ${message}`,
    reason: "InternalError",
    details: { causes: [{ message }] },
    code: 500,
  };
}

function failed(failure: string): string {
  return `Internal error occurred: error executing command in container: failed to exec in container: ${failure}`;
}
