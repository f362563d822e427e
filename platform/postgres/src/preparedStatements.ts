import type { Connection } from 'pg';

/** Named statements kept per connection; past it the one unused for longest is closed in the same round trip. */
const limit = 512;

/**
 * The named statements of one connection. A name is known only once the server said ParseComplete for it: a batch that
 * fails half-way leaves some parsed and some not, and parsing a known name again is an error.
 */
export interface PreparedStatements {
  /** The text under this name, if the server has it; marks it as used now. */
  get(name: string): string | undefined;
  /** A Parse was sent: `name` undefined for the unnamed statement, which is never kept. */
  sent(name: string | undefined, text: string): void;
  /** A Close was sent, or the server lost it. */
  forget(name: string): void;
  /** The batch ended: a Parse not answered by now failed or was skipped. */
  settle(): void;
  /** Names to close so that `extra` more fit. */
  surplus(extra: number): string[];
}

const byConnection = new WeakMap<Connection, PreparedStatements>();

/** The prepared statements of a connection, from now on kept up to date by listening to its ParseComplete messages. */
export function preparedStatements(connection: Connection): PreparedStatements {
  const known = byConnection.get(connection);
  if (known) return known;
  const created = track(connection);
  byConnection.set(connection, created);
  return created;
}

function track(connection: Connection): PreparedStatements {
  const texts = new Map<string, string>();
  let unanswered: { name: string | undefined; text: string }[] = [];
  connection.on('parseComplete', () => {
    const parsed = unanswered.shift();
    if (parsed?.name !== undefined) texts.set(parsed.name, parsed.text);
  });
  return {
    get(name) {
      const text = texts.get(name);
      if (text !== undefined) {
        texts.delete(name);
        texts.set(name, text);
      }
      return text;
    },
    sent(name, text) {
      unanswered.push({ name, text });
    },
    forget(name) {
      texts.delete(name);
    },
    settle() {
      unanswered = [];
    },
    surplus(extra) {
      const names: string[] = [];
      for (const name of texts.keys()) {
        if (texts.size - names.length + extra <= limit) break;
        names.push(name);
      }
      return names;
    },
  };
}
