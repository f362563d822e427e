/**
 * The columns of a view, read from its stored query. PostgreSQL keeps it as a node tree (pg_rewrite.ev_action):
 * `({QUERY ... :targetList ({TARGETENTRY ... :resno 1 ... :resorigtbl 16390 :resorigcol 2 :resjunk false}) ...})`, where
 * `resorigtbl` and `resorigcol` name the column that an output column shows unchanged (source: src/include/nodes/primnodes.h).
 */

export interface ViewColumn {
  /** Its position in the view, from 1. */
  number: number;
  /** Object id of the table or view that it comes from. */
  table: string;
  /** The column's position there. */
  column: number;
}

/** Words, braces and parentheses; a backslash takes the next character as part of a word. */
const token = /[(){}]|(?:\\[\s\S]|[^\s(){}\\])+/g;

/** The output columns that show a column of some relation unchanged. */
export const viewColumns = (definition: string): ViewColumn[] => {
  const columns: ViewColumn[] = [];
  /** Fields of the target entry being read, by name. */
  let entry: Map<string, string> | undefined;
  let entryDepth = 0;
  let depth = 0;
  let listDepth = 0;
  let inList = false;
  let previous = '';
  for (const [word] of definition.matchAll(token)) {
    if (word === '{' || word === '(') {
      depth++;
      // The outermost query's list only: `({QUERY :targetList (` is three deep.
      if (previous === ':targetList' && depth === 3) {
        inList = true;
        listDepth = depth;
      } else if (inList && word === '{' && depth === listDepth + 1) {
        entry = new Map();
        entryDepth = depth;
      }
    } else if (word === '}' || word === ')') {
      if (entry !== undefined && depth === entryDepth) {
        const column = columnOf(entry);
        if (column !== undefined) columns.push(column);
        entry = undefined;
      }
      if (inList && depth === listDepth) inList = false;
      depth--;
    } else if (entry !== undefined && depth === entryDepth && previous.startsWith(':')) {
      entry.set(previous, word);
    }
    previous = word;
  }
  return columns;
};

const columnOf = (entry: ReadonlyMap<string, string>): ViewColumn | undefined => {
  const table = entry.get(':resorigtbl');
  const column = Number(entry.get(':resorigcol'));
  const number = Number(entry.get(':resno'));
  if (table === undefined || table === '0' || !(column > 0) || !(number > 0)) return undefined;
  return entry.get(':resjunk') === 'true' ? undefined : { number, table, column };
};
