import { describe, expect, it } from 'vitest';
import { readRooms, readRoot, type Source, sourcesIn, waysOut } from './rooms.ts';

const rooms = await readRooms();
const shared = await readRoot();

/** Also by name in a string: programs that are resolved, transports that are loaded by their name. */
function isUsed(name: string, sources: readonly Source[]): boolean {
  const subject = name.replace(/^@types\//, '');
  return sources.some(({ text }) =>
    ["'", '"', '`'].some(
      (quote) => text.includes(`${quote}${subject}${quote}`) || text.includes(`${quote}${subject}/`),
    ),
  );
}

describe.each(rooms)('$folder', (room) => {
  it('lists what it imports', () => {
    const wanted = room.sources.flatMap((source) => source.imports.map((name) => ({ name, source })));
    const missing = wanted.filter(({ name, source }) => {
      if (name === room.name || room.dependencies.includes(name)) return false;
      return !(source.isForDevelopment && [...room.devDependencies, ...shared.devDependencies].includes(name));
    });
    expect(missing.map(({ name, source }) => `${name} (${source.path})`)).toEqual([]);
  });

  it('lists nothing else, and only what its programs need among the dependencies', () => {
    const unused = [...room.dependencies, ...room.devDependencies].filter((name) => !isUsed(name, room.sources));
    const running = room.sources.filter((source) => !source.isForDevelopment);
    const misplaced = room.dependencies.filter((name) => !isUsed(name, running));
    expect({ unused, misplaced }).toEqual({ unused: [], misplaced: [] });
  });

  it('reaches other rooms by their names', () => {
    expect(waysOut(room)).toEqual([]);
  });
});

describe('the root', () => {
  it('lists only what the scripts or several rooms use', async () => {
    const sources = [...rooms.flatMap((room) => room.sources), ...(await sourcesIn('scripts'))];
    const unused = [...shared.dependencies, ...shared.devDependencies].filter((name) => !isUsed(name, sources));
    // Node's own types are named by no import.
    expect(unused.filter((name) => name !== '@types/node')).toEqual([]);
  });
});
