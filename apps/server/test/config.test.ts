import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { configurationPage } from '../src/configurationPage.ts';

describe('the environment', () => {
  it('may be empty', () => {
    expect(readConfig({})).toMatchObject({ PORT: 3000, ROLE: 'all', DEMO: true });
  });

  it.each([
    ['PORT', 'eighty', 'PORT must be a whole number'],
    ['PORT', '70000', 'PORT must be at most 65535'],
    ['DATABASE_URL', 'mysql://x', 'DATABASE_URL must begin with postgres://'],
    ['PUBLIC_URL', 'inbox.example.com', 'PUBLIC_URL must be an http or https address'],
    ['ROLE', 'master', 'ROLE must be all, api or worker'],
    ['DEMO', 'perhaps', 'DEMO must be 1 or 0'],
    ['JWT_SECRET', 'short', 'JWT_SECRET must have at least 32 characters'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be fatal'],
  ])('refuses %s=%s in a sentence that names it', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(sentence);
  });

  it('names all that is wrong at once', () => {
    expect(() => readConfig({ PORT: 'x', ROLE: 'y' })).toThrow(/PORT[\s\S]*ROLE/);
  });

  it('is documented as it is: run `npm run docs` after changing it', async () => {
    const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(page).toBe(configurationPage());
  });
});
