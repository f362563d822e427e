/** Lets `width` tasks run at once, keeps up to `queue` more waiting in order, and turns the others away. */
export interface Gate {
  /** Rejects with what `full` returns when too many are waiting already. */
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createGate(o: { width: number; queue: number; full: () => Error }): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (running < o.width) {
      running += 1;
      return;
    }
    if (waiting.length >= o.queue) throw o.full();
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    // The place goes from hand to hand, so nobody slips in between.
    if (next) next();
    else running -= 1;
  }

  return {
    async run(task) {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
