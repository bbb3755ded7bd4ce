/**
 * Makes runs of a task follow each other. A call during a run gets the next run, because the running one may have
 * looked too early. All such calls share that next run, so that at most one waits.
 */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    next = undefined;
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  }
  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return start();
    next = running.then(start, start);
    return next;
  };
}
