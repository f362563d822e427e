import { describe, expect, it } from 'vitest';
import { composeOutbound } from '../outbound/composeOutbound.ts';

const image = { kind: 'image' as const, source: { type: 'url' as const, url: 'https://files.example/a.png' } };

describe('composeOutbound', () => {
  it('sends text as text', () => {
    expect(composeOutbound({ content: 'Hello', message_type: 'text', metadata: {} }, [])).toEqual({
      ok: true,
      contents: [{ type: 'text', text: 'Hello' }],
    });
  });

  it('sends one content per file, the text as caption of the first', () => {
    const composed = composeOutbound({ content: 'Two photos', message_type: 'image', metadata: {} }, [image, image]);
    expect(composed).toEqual({
      ok: true,
      contents: [
        { type: 'media', media: image, caption: 'Two photos' },
        { type: 'media', media: image },
      ],
    });
  });

  it('puts the variables of a template in order into its body', () => {
    const metadata = { template: { name: 'order_update', language: 'ar', variables: ['Amelia', '48213'] } };
    expect(composeOutbound({ content: null, message_type: 'template', metadata }, [])).toEqual({
      ok: true,
      contents: [
        {
          type: 'template',
          name: 'order_update',
          language: 'ar',
          components: [
            {
              type: 'body',
              parameters: [
                { type: 'text', text: 'Amelia' },
                { type: 'text', text: '48213' },
              ],
            },
          ],
        },
      ],
    });
  });

  it.each([
    [{ content: '  ', message_type: 'text', metadata: {} }, 'no text and no attachment'],
    [{ content: null, message_type: 'template', metadata: {} }, 'metadata.template'],
    [
      { content: null, message_type: 'location', metadata: { location: { latitude: 91, longitude: 0 } } },
      'metadata.location.latitude',
    ],
    [
      { content: 'Pick', message_type: 'interactive', metadata: { interactive: { type: 'buttons', buttons: [] } } },
      'metadata.interactive.buttons',
    ],
  ])('says in words why %j cannot be sent', (row, words) => {
    const composed = composeOutbound(row, []);
    expect(composed.ok).toBe(false);
    expect(composed).toHaveProperty('words', expect.stringContaining(words));
  });
});
