/** Collects the parameters of a statement while its text is put together. */
import type { Slot } from '../request/types.ts';

/** Where a parameter's value comes from: one value of the request, or several as one array. */
export type Bind = Slot | readonly Slot[];

export interface Printer {
  /** The `$n` of a value. Every use gets a parameter of its own, as its type is inferred where it stands. */
  param(bind: Bind): string;
  readonly binds: readonly Bind[];
}

export const createPrinter = (): Printer => {
  const binds: Bind[] = [];
  return { param: (bind) => `$${binds.push(bind)}`, binds };
};

/** A statement with the sources of its parameters, in order. */
export interface Printed {
  text: string;
  binds: readonly Bind[];
}
