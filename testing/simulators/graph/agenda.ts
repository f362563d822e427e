export interface Appointment {
  at: number;
  run: () => Promise<void> | void;
}

/** Things that will happen at a moment: receipts, retries, reviews. Same moment means order of entry. */
export interface Agenda {
  add(at: number, run: Appointment['run']): void;
  nextAt(): number | undefined;
  /** Takes out and runs what is due at `now`, one after another, including what that adds. */
  runDue(now: () => number): Promise<number>;
  clear(): void;
}

export function createAgenda(onChange: () => void = () => {}): Agenda {
  let entries: Appointment[] = [];
  return {
    add(at, run) {
      const index = entries.findIndex((entry) => entry.at > at);
      entries.splice(index === -1 ? entries.length : index, 0, { at, run });
      onChange();
    },
    nextAt: () => entries[0]?.at,
    async runDue(now) {
      let count = 0;
      for (let first = entries[0]; first !== undefined && first.at <= now(); first = entries[0]) {
        entries.shift();
        await first.run();
        count += 1;
      }
      return count;
    },
    clear() {
      entries = [];
    },
  };
}
