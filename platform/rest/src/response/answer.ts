/** What goes back to the client. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Header fields that may come more than once, after the others. */
  repeated: readonly (readonly [string, string])[];
  body: string | Buffer | undefined;
}

export const answer = (status: number, headers: Record<string, string>, body?: string | Buffer): Answer => ({
  status,
  headers,
  repeated: [],
  body,
});

/** A header's value without what would end it. */
export const headerSafe = (value: string): string =>
  value.replace(/[\r\n\0]/g, ' ').replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
