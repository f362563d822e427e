import { describe, expect, it } from 'vitest';
import { isSingleKey, isTyping, keyLabels, matchStroke, strokeOf } from '../src/app/commands/keyStroke.ts';
import { createCommandRegistry } from '../src/app/commands/registry.ts';

const press = (code: string, changes: Partial<Parameters<typeof strokeOf>[0]> = {}) => ({
  code,
  key: '',
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  ...changes,
});

describe('keys', () => {
  it('are read by their place, so that an Arabic layout moves as well', () => {
    expect(strokeOf(press('KeyJ', { key: 'ت' }), false)).toBe('KeyJ');
    expect(strokeOf(press('KeyK', { ctrlKey: true }), false)).toBe('Mod+KeyK');
    expect(strokeOf(press('KeyK', { metaKey: true }), true)).toBe('Mod+KeyK');
    expect(strokeOf(press('KeyE', { shiftKey: true }), false)).toBe('Shift+KeyE');
    expect(strokeOf(press('ShiftLeft', { shiftKey: true }), false)).toBeNull();
  });

  it('find the question mark wherever a layout has it', () => {
    expect(strokeOf(press('Minus', { key: '?', shiftKey: true }), false)).toBe('Shift+Slash');
    expect(strokeOf(press('Slash', { key: '/' }), false)).toBe('Slash');
  });

  it('wait for the second key of a sequence and forget it after another one', () => {
    const bound = [
      { binding: 'KeyG KeyI', target: 'inbox' },
      { binding: 'KeyI', target: 'other' },
    ];
    expect(matchStroke('KeyG', null, bound)).toEqual({ kind: 'wait', prefix: 'KeyG' });
    expect(matchStroke('KeyI', 'KeyG', bound)).toEqual({ kind: 'run', target: 'inbox' });
    expect(matchStroke('KeyI', null, bound)).toEqual({ kind: 'run', target: 'other' });
    expect(matchStroke('KeyX', 'KeyG', bound)).toEqual({ kind: 'none' });
  });

  it('tell typing from chords, and letters from the rest', () => {
    expect(isTyping('KeyE')).toBe(true);
    expect(isTyping('Shift+KeyE')).toBe(true);
    expect(isTyping('Mod+KeyK')).toBe(false);
    expect(isSingleKey('KeyG KeyI')).toBe(true);
    expect(isSingleKey('Mod+KeyK')).toBe(false);
    expect(isSingleKey('Enter')).toBe(false);
  });

  it('are shown as people know them', () => {
    expect(keyLabels('Mod+Alt+KeyE', true)).toEqual(['⌘', '⌥', 'E']);
    expect(keyLabels('KeyG KeyI', false)).toEqual(['G', 'I']);
    expect(keyLabels('Shift+Slash', false)).toEqual(['?']);
  });
});

describe('commands', () => {
  const command = (id: string, title: string) => ({ id, title, group: 'list' as const, run: () => undefined });

  it('come and go with their screen, a later screen before an earlier one', () => {
    const registry = createCommandRegistry();
    const removeFirst = registry.add([command('a', 'one'), command('b', 'two')]);
    const removeSecond = registry.add([command('a', 'three')]);
    expect(registry.list().map((one) => one.title)).toEqual(['three', 'two']);
    removeSecond();
    expect(registry.list().map((one) => one.title)).toEqual(['one', 'two']);
    removeFirst();
    expect(registry.list()).toEqual([]);
  });
});
