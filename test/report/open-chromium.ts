import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** The browser to test with: CHROMIUM, or the one in PATH. */
const chromium = process.env["CHROMIUM"] ?? "chromium";

/** Why no browser can be opened; false when one can. */
export const noChromium: string | false =
  spawnSync(chromium, ["--version"]).status === 0 ? false : "no Chromium in PATH or named by CHROMIUM";

/** One page in a browser of its own, driven by the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/). */
export interface BrowserPage extends AsyncDisposable {
  /** What the page has asked any server or file for. */
  readonly requests: readonly string[];
  /** What the page wrote to the console, its errors too. */
  readonly messages: readonly string[];
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The value of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Presses a key, as a user does. */
  press(key: string): Promise<void>;
  /** A picture of the window, as a PNG. */
  picture(): Promise<Buffer>;
}

/** Opens a page and waits until it has loaded. */
export async function openChromium(url: string): Promise<BrowserPage> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-browser-"));
  resources.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
  const child = spawn(chromium, [...flags, `--user-data-dir=${folder}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  resources.defer(async () => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  });
  const socket = new WebSocket(await debuggerOf(child.stderr));
  resources.defer(() => socket.close());
  await once(socket, "open");
  const connection = connect(socket);
  const { targetId } = await connection.send("Target.createTarget", { url: "about:blank" });
  const attached = await connection.send("Target.attachToTarget", { targetId, flatten: true });
  const page = pageOn(connection, String(attached["sessionId"]));
  for (const domain of ["Page", "Network", "Runtime"]) await page.send(`${domain}.enable`);
  const loaded = connection.event("Page.loadEventFired");
  await page.send("Page.navigate", { url });
  await loaded;
  const owned = resources.move();
  return { ...page, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function debuggerOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (found !== undefined) {
      stderr.resume();
      return found;
    }
  }
  throw new Error("Chromium ended before it listened");
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

function connect(socket: WebSocket) {
  const waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>();
  const listeners = new Set<(message: Message) => void>();
  let count = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    for (const listener of listeners) listener(message);
    const answer = waiting.get(message.id ?? -1);
    if (message.error !== undefined) answer?.reject(new Error(message.error.message));
    else answer?.resolve(message.result ?? {});
  });
  return {
    onMessage: (listener: (message: Message) => void) => void listeners.add(listener),
    send(method: string, params: object = {}, sessionId?: string) {
      const answer = Promise.withResolvers<Readonly<Record<string, unknown>>>();
      count += 1;
      waiting.set(count, answer);
      socket.send(JSON.stringify({ id: count, method, params, sessionId }));
      return answer.promise;
    },
    event(method: string): Promise<void> {
      return new Promise((resolve) => {
        listeners.add((message) => {
          if (message.method === method) resolve();
        });
      });
    },
  };
}

function pageOn(
  connection: ReturnType<typeof connect>,
  session: string,
): Omit<BrowserPage, typeof Symbol.asyncDispose> {
  const requests: string[] = [];
  const messages: string[] = [];
  connection.onMessage(({ method, params }) => {
    if (method === "Network.requestWillBeSent")
      requests.push((params!["request"] as { readonly url: string }).url);
    if (method === "Runtime.consoleAPICalled" || method === "Runtime.exceptionThrown")
      messages.push(JSON.stringify(params));
  });
  const send = (method: string, params?: object) => connection.send(method, params, session);
  return {
    requests,
    messages,
    send,
    async evaluate<T>(expression: string): Promise<T> {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { readonly value: T }).value;
    },
    async press(key) {
      const isText = key.length === 1;
      const code = keyCodes[key] ?? key.charCodeAt(0);
      const event = { key, windowsVirtualKeyCode: code, ...(isText ? { text: key } : {}) };
      await send("Input.dispatchKeyEvent", { type: isText ? "keyDown" : "rawKeyDown", ...event });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode: code });
    },
    async picture() {
      const { data } = await send("Page.captureScreenshot", { format: "png" });
      return Buffer.from(String(data), "base64");
    },
  };
}

const keyCodes: Readonly<Record<string, number>> = { Enter: 13, Escape: 27, ArrowLeft: 37, ArrowRight: 39 };
