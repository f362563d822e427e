/** One row of realtime.changes as the feed reads it. */
export interface ChangeRow {
  /** Rises with every change; order within one row of a table is the order of its commits. */
  id: string;
  relation: number;
  kind: 'I' | 'U' | 'D' | 'B';
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  /** Milliseconds from the change to its being read, by the database's clock. */
  ageMs: number;
  new: string | null;
  old: string | null;
  /** The row is larger than is delivered: `new` and `old` hold its short columns only. */
  cut: boolean;
}
