/** The form of the answer: the first media type asked for that can be produced. */
import { mediaTypesUnavailable } from '../errors.ts';
import { type MediaType, mediaTypeName, parseMediaType } from '../request/mediaType.ts';
import { type MediaHandler, type QualifiedName, type SchemaCache, sameName } from '../schema/types.ts';
import type { Rendering } from './types.ts';

export interface Negotiated {
  rendering: Rendering;
  media: MediaType;
}

export interface NegotiateOptions {
  target: QualifiedName;
  /** Custom renderings of a table take all of its columns or nothing. */
  wholeTable: boolean;
  plansAllowed: boolean;
}

/** Throws PGRST107 when none can be produced. */
export const negotiate = (accept: readonly MediaType[], cache: SchemaCache, options: NegotiateOptions): Negotiated => {
  for (const media of accept) {
    const found = produce(media, cache, options);
    if (found !== undefined) return found;
  }
  throw mediaTypesUnavailable(accept.map(mediaTypeName));
};

const produce = (media: MediaType, cache: SchemaCache, options: NegotiateOptions): Negotiated | undefined => {
  switch (media.kind) {
    case 'object':
      return { rendering: { kind: 'object', stripped: media.stripped }, media };
    case 'arrayStripped':
      return { rendering: { kind: 'array', stripped: true }, media };
    case 'plan': {
      const of = options.plansAllowed ? produce(media.of, cache, options) : undefined;
      return of && { rendering: of.rendering, media };
    }
    default:
      return custom(media, cache.handlers, options) ?? builtIn(media);
  }
};

const custom = (
  media: MediaType,
  handlers: readonly MediaHandler[],
  { target, wholeTable }: NegotiateOptions,
): Negotiated | undefined => {
  if (handlers.length === 0) return undefined;
  const name = mediaTypeName(media);
  const own = wholeTable ? handlers.filter((h) => h.target !== undefined && sameName(h.target, target)) : [];
  const handler =
    own.find((h) => h.mediaType === '*/*') ??
    own.find((h) => h.mediaType === name) ??
    handlers.find((h) => h.target === undefined && h.mediaType === name);
  if (handler === undefined) return undefined;
  // `*/*` is labelled by what it is declared to produce.
  const produced = parseMediaType(handler.produces);
  return {
    rendering: { kind: 'custom', function: handler.function, target: handler.target },
    media: produced.kind === 'any' ? { kind: 'bytes' } : produced,
  };
};

const builtIn = (media: MediaType): Negotiated | undefined => {
  switch (media.kind) {
    case 'any':
    case 'json':
      return { rendering: { kind: 'array', stripped: false }, media: { kind: 'json' } };
    case 'csv':
      return { rendering: { kind: 'csv' }, media };
    case 'geojson':
      return { rendering: { kind: 'geojson' }, media };
    default:
      return undefined;
  }
};
