/** Work that runs one at a time. Disposing it waits for the run that is under way, and begins no other. */
export interface Turns extends AsyncDisposable {
  /** Asks for a run. What is asked for while one is under way is done by one more, together. */
  request(): void;
  /** Resolves when nothing that was asked for is left to do. */
  settled(): Promise<void>;
}

/** Makes turns of work that does not reject. The first run begins within the call of `request`. */
export function runInTurn(run: () => Promise<void>): Turns {
  let isWanted = false;
  let isOver = false;
  let underWay: PromiseWithResolvers<void> | undefined;

  async function runAll(): Promise<void> {
    underWay = Promise.withResolvers();
    while (isWanted && !isOver) {
      isWanted = false;
      await run();
    }
    underWay.resolve();
    underWay = undefined;
  }

  return {
    request() {
      isWanted = true;
      if (underWay === undefined && !isOver) void runAll();
    },
    async settled() {
      await underWay?.promise;
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await underWay?.promise;
    },
  };
}
