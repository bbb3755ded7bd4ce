import type { FastifyReply } from "fastify";

/** Sends a page of this service: one HTML file with its style and script in it, which loads nothing from elsewhere. */
export type SendPage = (reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Prepares a page of `pages/`, in which `{{name}}` stands for a text. It is read when it is first sent. Its script and its
 * style may run because the policy has their hashes; nothing else may.
 */
export function createPage(file: string, texts: Readonly<Record<string, string>>): SendPage {
  let page: ReturnType<typeof load> | undefined;
  return async (reply) => {
    const { html, policy } = await (page ??= load(file, texts));
    return await reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", policy)
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer")
      .header("cache-control", "no-cache")
      .send(html);
  };
}

async function load(file: string, texts: Readonly<Record<string, string>>) {
  const { readFile } = await import("node:fs/promises");
  const { createHash } = await import("node:crypto");
  const source = await readFile(new URL(file, import.meta.url), "utf8");
  // https://www.w3.org/TR/CSP3/#framework-directive-source-list
  const hashOf = (element: "script" | "style"): string => {
    const [, content = ""] = new RegExp(`<${element}>(.*?)</${element}>`, "s").exec(source) ?? [];
    return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
  };
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf("script")}`,
    `style-src ${hashOf("style")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const html = source.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => escapeHtml(texts[name] ?? ""));
  return { html, policy };
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
