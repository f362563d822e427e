/** Wakes a loop that waits. A signal raised while nobody waits is kept for the next wait. */
export interface Signal {
  raise(): void;
  /** Resolves when raised, or after `timeoutMs`; undefined waits for ever. */
  wait(timeoutMs: number | undefined): Promise<void>;
}

export function createSignal(): Signal {
  let raised = false;
  let wake: (() => void) | undefined;
  return {
    raise() {
      raised = true;
      wake?.();
    },
    async wait(timeoutMs) {
      if (!raised) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
        });
        clearTimeout(timer);
        wake = undefined;
      }
      raised = false;
    },
  };
}
