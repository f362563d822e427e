import { describe, expect, it } from 'vitest';
import { readMe } from '../src/app/session/me.ts';
import { foldText } from '../src/design/foldText.ts';
import { initials, tintOf } from '../src/design/initials.ts';
import { normalizeEmail, normalizePhone } from '../src/features/contacts/contactFields.ts';
import { contactChanges, contactForm, emptyContact } from '../src/features/contacts/contactSchema.ts';
import { emptySelection, selectedCount, toggleRow } from '../src/features/contacts/selection.ts';

describe('initials', () => {
  it('are the first and the last, in any script', () => {
    expect(initials('mona adel')).toBe('MA');
    expect(initials('Juan Carlos de la Peña')).toBe('JP');
    expect(initials('رنا سليمان').replace(/\u200a/, '')).toBe('رس');
    expect(initials('+201001234567')).toBe('#');
    expect(initials('')).toBe('?');
  });

  it('keep their tint', () => {
    expect(tintOf('abc')).toBe(tintOf('abc'));
    const tints = new Set(Array.from({ length: 200 }, (_, index) => tintOf(`id-${String(index)}`)));
    expect([...tints].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

it('searches as people type: without case, accents and the letters that are mixed up', () => {
  expect(foldText('José')).toBe('jose');
  expect(foldText('أحمد')).toBe(foldText('احمد'));
  expect(foldText('فاطمة')).toBe(foldText('فاطمه'));
  expect(foldText('مُحَمَّد')).toBe('محمد');
});

describe('a contact’s form', () => {
  it('takes phone numbers as the database does', () => {
    expect(normalizePhone('+20 100 123-4567')).toBe('+201001234567');
    expect(normalizePhone('٠١٠٠١٢٣٤٥٦٧')).toBe('+01001234567');
    expect(normalizePhone('12345')).toBeNull();
    expect(normalizePhone('call me')).toBeNull();
    expect(normalizeEmail(' Mona@Shop.Example ')).toBe('mona@shop.example');
    expect(normalizeEmail('mona@shop')).toBeNull();
  });

  it('asks for something to know the person by', () => {
    expect(contactForm.safeParse(emptyContact).success).toBe(false);
    expect(contactForm.safeParse({ ...emptyContact, phones: [{ value: '+201001234567' }] }).success).toBe(true);
    expect(contactForm.safeParse({ ...emptyContact, firstName: 'Mona', emails: [{ value: 'no' }] }).success).toBe(
      false,
    );
  });

  it('leaves out empty lines', () => {
    expect(
      contactChanges({ ...emptyContact, firstName: 'Mona', phones: [{ value: '' }, { value: '+20 100 123 4567' }] }),
    ).toMatchObject({
      first_name: 'Mona',
      last_name: null,
      phones: ['+201001234567'],
      emails: [],
    });
  });
});

describe('choosing rows', () => {
  const idAt = (index: number) => (index < 10 ? `r${String(index)}` : undefined);

  it('one by one, and with Shift all between', () => {
    const one = toggleRow(emptySelection, 2, false, idAt);
    const range = toggleRow(one, 5, true, idAt);
    expect(range.all ? [] : [...range.ids]).toEqual(['r2', 'r3', 'r4', 'r5']);
    expect(selectedCount(toggleRow(range, 3, false, idAt), 10)).toBe(3);
  });

  it('skips rows that are not loaded', () => {
    expect(selectedCount(toggleRow(toggleRow(emptySelection, 8, false, idAt), 14, true, idAt), 20)).toBe(1);
  });

  it('counts everything that matches when all are chosen', () => {
    expect(selectedCount({ all: true }, 320)).toBe(320);
  });
});

describe('who is signed in', () => {
  const answer = {
    profile: {
      id: 'u1',
      email: 'a@b.example',
      full_name: ' ',
      first_name: null,
      preferences: { web: { theme: 'dark' } },
    },
    organization: { id: 'o1', name: 'Lumen', timezone: 'Africa/Cairo', currency: 'EGP', is_demo: true },
    role: 'AGENT',
    permissions: { can_send_messages: true, can_delete_data: false },
  };

  it('is read from the server’s answer, with the e-mail where there is no name', () => {
    const me = readMe(answer);
    expect(me.name).toBe('a@b.example');
    expect(me.can('can_send_messages')).toBe(true);
    expect(me.can('can_delete_data')).toBe(false);
    expect(me.can('can_access_crm')).toBe(false);
  });

  it('is refused without a workspace', () => {
    expect(() => readMe({ ...answer, organization: null })).toThrow(/workspace/);
    expect(() => readMe({ organization: null, profile: null })).toThrow(/profile/);
  });
});
