/** What a program said, and how it ended. */
export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder of the command, for a bounded time; undefined when it is not installed. */
export type RunTool = (tool: string, args: readonly string[]) => Promise<ToolResult | undefined>;
