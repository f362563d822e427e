import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';

let festival: Festival;
let server: FestivalServer;
let summing: FestivalServer;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival);
  summing = await serve(festival, { aggregates: true });
});
afterAll(async () => {
  await Promise.all([server.close(), summing.close()]);
  await festival.close();
});

const ask = async (path: string, from = server): Promise<unknown> => {
  const { status, json, text } = await from.call(`GET ${path}`);
  if (status >= 300) throw new Error(`${status} ${text}`);
  return json;
};
const sum = (path: string) => ask(path, summing);

describe('embeds', () => {
  test('many-to-one is an object, or null', async () => {
    expect(await ask('/films?select=title,directors(name)&id=in.(5,6)&order=id')).toEqual([
      { title: 'Ran', directors: { name: 'Kurosawa' } },
      { title: 'Untitled', directors: null },
    ]);
  });
  test('one-to-many is a list', async () => {
    expect(await ask('/directors?select=name,films(title)&id=in.(1,4)&order=id')).toEqual([
      { name: 'Chahine', films: [{ title: 'Cairo Station' }, { title: 'The Land' }] },
      { name: 'Nobody', films: [] },
    ]);
  });
  test('one-to-one is an object from both sides', async () => {
    expect(await ask('/films?select=id,specs(camera)&id=in.(1,2)&order=id')).toEqual([
      { id: 1, specs: { camera: 'Mitchell' } },
      { id: 2, specs: null },
    ]);
    expect(await ask('/specs?select=camera,films(title)&film_id=eq.5')).toEqual([
      { camera: 'Panavision', films: { title: 'Ran' } },
    ]);
  });
  test('many-to-many goes through the junction', async () => {
    expect(await ask('/films?select=title,actors(name)&id=eq.1&actors.order=name')).toEqual([
      { title: 'Cairo Station', actors: [{ name: 'Farid Shawki' }, { name: 'Hind Rostom' }] },
    ]);
    expect(await ask('/actors?select=name,films(title)&id=eq.2&films.order=id')).toEqual([
      { name: 'Farid Shawki', films: [{ title: 'Cairo Station' }, { title: 'The Land' }] },
    ]);
  });
  test('go to any depth', async () => {
    expect(
      await ask('/directors?select=name,films(title,roles(character,actors(name,films(title))))&id=eq.2&films.id=eq.3'),
    ).toEqual([
      {
        name: 'Varda',
        films: [
          {
            title: 'Cleo from 5 to 7',
            roles: [
              { character: 'Cleo', actors: { name: 'Corinne Marchand', films: [{ title: 'Cleo from 5 to 7' }] } },
            ],
          },
        ],
      },
    ]);
  });
  test('a name that came up on an outer level is not mistaken', async () => {
    expect(
      await ask('/films?select=title,directors(films(title,directors(name)))&id=eq.3&directors.films.order=id.desc'),
    ).toEqual([
      {
        title: 'Cleo from 5 to 7',
        directors: {
          films: [
            { title: 'Faces Places', directors: { name: 'Varda' } },
            { title: 'Cleo from 5 to 7', directors: { name: 'Varda' } },
          ],
        },
      },
    ]);
    expect(await ask('/actors?select=name,films(title,actors(name))&id=eq.3')).toEqual([
      { name: 'Corinne Marchand', films: [{ title: 'Cleo from 5 to 7', actors: [{ name: 'Corinne Marchand' }] }] },
    ]);
  });
  test('an ambiguous one is refused with all the choices', async () => {
    const { status, json } = await server.call('GET /screenings?select=id,venues(name)');
    expect([status, json]).toEqual([
      300,
      {
        code: 'PGRST201',
        details: [
          {
            cardinality: 'many-to-one',
            embedding: 'screenings with venues',
            relationship: 'screenings_backup_fkey using screenings(backup_venue_id) and venues(id)',
          },
          {
            cardinality: 'many-to-one',
            embedding: 'screenings with venues',
            relationship: 'screenings_main_venue_fkey using screenings(venue_id) and venues(id)',
          },
        ],
        hint: "Try changing 'venues' to one of the following: 'venues!screenings_backup_fkey', 'venues!screenings_main_venue_fkey'. Find the desired relationship in the 'details' key.",
        message: "Could not embed because more than one relationship was found for 'screenings' and 'venues'",
      },
    ]);
  });
  test.each([
    ['the constraint', 'venues!screenings_main_venue_fkey(name),backup:venues!screenings_backup_fkey(name)'],
    ['the column', 'venues!venue_id(name),backup:venues!backup_venue_id(name)'],
    ['the constraint as target', 'venues:screenings_main_venue_fkey(name),backup:screenings_backup_fkey(name)'],
    ['the column as target', 'venues:venue_id(name),backup:backup_venue_id(name)'],
  ])('a hint by %s decides', async (_, select) => {
    expect(await ask(`/screenings?select=id,${select}&id=eq.1`)).toEqual([
      { id: 1, venues: { name: 'Opera' }, backup: { name: 'Zawya' } },
    ]);
  });
  test('a hint by the junction decides', async () => {
    expect(await ask('/actors?select=films!roles(title)&id=eq.1')).toEqual([{ films: [{ title: 'Cairo Station' }] }]);
  });
  test('a table can be embedded in itself, both ways', async () => {
    expect(await ask('/staff?select=name,staff(name),boss_id(name)&id=eq.2')).toEqual([
      { name: 'Bassem', staff: [{ name: 'Dina' }], boss_id: { name: 'Amal' } },
    ]);
    expect(await ask('/staff?select=name,team:staff!boss_id(name)&id=eq.1')).toEqual([
      { name: 'Amal', team: [{ name: 'Bassem' }, { name: 'Carla' }] },
    ]);
  });
  test('a function can be a relationship', async () => {
    expect(await ask('/screenings?select=id,main_venue(name)&id=in.(1,3)&order=id')).toEqual([
      { id: 1, main_venue: { name: 'Opera' } },
      { id: 3, main_venue: { name: 'Rex' } },
    ]);
    expect(await ask('/staff?select=name,colleagues(name)&id=eq.2')).toEqual([
      { name: 'Bassem', colleagues: [{ name: 'Carla' }] },
    ]);
  });
  test('views have the relationships of the tables that they show', async () => {
    expect(await ask('/modern_films?select=title,directors(name)')).toEqual([
      { title: 'Faces Places', directors: { name: 'Varda' } },
    ]);
    expect(await ask('/film_list?select=film_title,directors(name),roles(character)&film_id=eq.3')).toEqual([
      { film_title: 'Cleo from 5 to 7', directors: { name: 'Varda' }, roles: [{ character: 'Cleo' }] },
    ]);
    expect(await ask('/directors?select=name,film_list(film_title)&id=eq.3')).toEqual([
      { name: 'Kurosawa', film_list: [{ film_title: 'Ran' }] },
    ]);
    expect(await ask('/nested_list?select=film_title,roles(character)&film_id=eq.5')).toEqual([
      { film_title: 'Ran', roles: [{ character: 'Hidetora' }] },
    ]);
  });
  test('one that does not exist is refused with a suggestion', async () => {
    const { status, json } = await server.call('GET /films?select=*,director(*)');
    expect([status, json]).toEqual([
      400,
      {
        code: 'PGRST200',
        details:
          "Searched for a foreign key relationship between 'films' and 'director' in the schema 'festival', but no matches were found.",
        hint: "Perhaps you meant 'directors' instead of 'director'.",
        message: "Could not find a relationship between 'films' and 'director' in the schema cache",
      },
    ]);
    const hinted = await server.call('GET /films?select=*,directors!nope(*)');
    expect(hinted.json).toMatchObject({
      details:
        "Searched for a foreign key relationship between 'films' and 'directors' using the hint 'nope' in the schema 'festival', but no matches were found.",
      hint: null,
    });
  });
});

describe('conditions on embeds', () => {
  test('filters, orders and ranges apply inside', async () => {
    expect(
      await ask(
        '/directors?select=name,films(title)&films.year=gt.1960&films.order=year.desc&films.limit=1&id=lt.4&order=id',
      ),
    ).toEqual([
      { name: 'Chahine', films: [{ title: 'The Land' }] },
      { name: 'Varda', films: [{ title: 'Faces Places' }] },
      { name: 'Kurosawa', films: [{ title: 'Ran' }] },
    ]);
    expect(await ask('/directors?select=films(id)&films.offset=1&films.order=id&id=eq.2')).toEqual([
      { films: [{ id: 4 }] },
    ]);
    expect(await ask('/directors?select=films(id)&films.or=(year.eq.1958,title.eq.x)&id=eq.1')).toEqual([
      { films: [{ id: 1 }] },
    ]);
  });
  test('are addressed by the alias', async () => {
    expect(await ask('/films?select=id,made_by:directors!inner(name)&made_by.name=eq.Varda&order=id')).toEqual([
      { id: 3, made_by: { name: 'Varda' } },
      { id: 4, made_by: { name: 'Varda' } },
    ]);
    const byName = await server.call('GET /films?select=id,made_by:directors(name)&directors.name=eq.Varda');
    expect([byName.status, byName.json]).toMatchObject([
      400,
      { code: 'PGRST108', message: "'directors' is not an embedded resource in this request" },
    ]);
  });
  test('!inner leaves only rows with a match, at any depth', async () => {
    expect(await ask('/directors?select=name,films!inner(title)&films.year=lt.1960')).toEqual([
      { name: 'Chahine', films: [{ title: 'Cairo Station' }] },
    ]);
    expect(
      await ask('/directors?select=name,films!inner(title,roles!inner(character))&films.roles.character=eq.Cleo'),
    ).toEqual([{ name: 'Varda', films: [{ title: 'Cleo from 5 to 7', roles: [{ character: 'Cleo' }] }] }]);
    expect(await ask('/films?select=title,actors!inner()&actors.name=like.Hind*')).toEqual([
      { title: 'Cairo Station' },
    ]);
  });
  test('null filters ask whether there is a match', async () => {
    expect(await ask('/films?select=id,specs()&specs=not.is.null&order=id')).toEqual([{ id: 1 }, { id: 5 }]);
    expect(await ask('/films?select=id,specs(camera)&specs=is.null&id=lt.4&order=id')).toEqual([
      { id: 2, specs: null },
      { id: 3, specs: null },
    ]);
    expect(await ask('/directors?select=id,films()&films=is.null')).toEqual([{ id: 4 }]);
    expect(await ask('/films?select=id,specs(),roles()&or=(specs.not.is.null,roles.not.is.null)&order=id')).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
      { id: 5 },
    ]);
    const counted = await server.call('GET /films?select=id,specs()&specs=not.is.null&limit=1', {
      headers: { prefer: 'count=exact' },
    });
    expect(counted.headers.get('content-range')).toBe('0-0/2');
    expect((await server.call('GET /films?select=id,specs()&specs=eq.1')).json).toMatchObject({ code: 'PGRST120' });
  });
  test('on what is not embedded are refused', async () => {
    expect((await server.call('GET /films?select=id&directors.name=eq.x')).json).toMatchObject({
      code: 'PGRST108',
      hint: "Verify that 'directors' is included in the 'select' query parameter.",
    });
  });
});

describe('spreads', () => {
  test('put the columns of a to-one embed beside their own', async () => {
    expect(await ask('/films?select=title,...directors(director:name,country)&id=eq.1')).toEqual([
      { title: 'Cairo Station', director: 'Chahine', country: 'EG' },
    ]);
    expect(await ask('/roles?select=character,...films(title,...directors(director:name))&film_id=eq.5')).toEqual([
      { character: 'Hidetora', title: 'Ran', director: 'Kurosawa' },
    ]);
  });
  test('collect the columns of a to-many embed', async () => {
    expect(
      await ask('/directors?select=name,...films(titles:title,year)&id=in.(2,4)&films.order=year.desc&order=id'),
    ).toEqual([
      { name: 'Varda', titles: ['Faces Places', 'Cleo from 5 to 7'], year: [2017, 1962] },
      { name: 'Nobody', titles: [], year: [] },
    ]);
    expect(await ask('/films?select=title,...actors(name)&id=eq.1&actors.order=name')).toEqual([
      { title: 'Cairo Station', name: ['Farid Shawki', 'Hind Rostom'] },
    ]);
  });
});

describe('aggregates', () => {
  test('are refused unless switched on', async () => {
    expect((await server.call('GET /films?select=count()')).json).toMatchObject({
      code: 'PGRST123',
      message: 'Use of aggregate functions is not allowed',
    });
  });
  test('count, sum, average, least and most', async () => {
    expect(
      await sum('/films?select=count(),year.max(),first:year.min(),rating.avg()::numeric(3)').catch(() => 'refused'),
    ).toBe('refused');
    expect(await sum('/films?select=count(),year.max(),first:year.min(),total:id.sum(),rating.count()')).toEqual(
      [{ count: 5, max: 2017, min: undefined, first: 1958, total: 21 }].map(() =>
        expect.objectContaining({ max: 2017, first: 1958, total: 21 }),
      ),
    );
    expect(await sum('/films?select=rating.avg()::int')).toEqual([{ avg: 8 }]);
  });
  test('group by the other columns', async () => {
    expect(await sum('/films?select=mood,count()&order=mood')).toEqual([
      { mood: 'calm', count: 1 },
      { mood: 'tense', count: 2 },
      { mood: 'bright', count: 2 },
      { mood: null, count: 1 },
    ]);
    expect(await sum('/films?select=details->>lang,id.sum()&details->>lang=not.is.null&order=details->>lang')).toEqual([
      { lang: 'ar', sum: 3 },
      { lang: 'en', sum: 6 },
      { lang: 'fr', sum: 7 },
    ]);
  });
  test('work in embeds, beside embeds and in spreads', async () => {
    expect(await sum('/directors?select=name,films(count())&order=id&id=lt.3')).toEqual([
      { name: 'Chahine', films: [{ count: 2 }] },
      { name: 'Varda', films: [{ count: 2 }] },
    ]);
    expect(await sum('/films?select=count(),directors(name)&director_id=eq.1')).toEqual([
      { count: 2, directors: { name: 'Chahine' } },
    ]);
    expect(
      await sum('/screenings?select=film_id,...venues!venue_id(count())&film_id=eq.1').catch((e: Error) => e.message),
    ).toEqual([{ film_id: 1, count: 2 }]);
    expect(await sum('/films?select=mood,...directors(born.min())&mood=eq.tense')).toEqual([
      { mood: 'tense', min: '1910-03-23' },
    ]);
  });
});
