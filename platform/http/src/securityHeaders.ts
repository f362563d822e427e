import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * Headers for the app and the API alike. A page that must be framed by other sites (the web chat widget) overrides them with the route
 * option `helmet`.
 *
 * No `upgrade-insecure-requests` and no `includeSubDomains`: people run this over plain http on a local network, and on a domain whose other
 * hosts are not ours to decide about.
 */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'self'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'self'"],
      formAction: ["'self'"],
      scriptSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'", 'data:'],
      imgSrc: ["'self'", 'data:', 'blob:', 'https:'],
      mediaSrc: ["'self'", 'data:', 'blob:', 'https:'],
      connectSrc: ["'self'", 'ws:', 'wss:', 'https:'],
      workerSrc: ["'self'", 'blob:'],
      frameSrc: ["'self'", 'https:'],
    },
  },
  strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
  // Answers and files are read by other origins: the API by browser clients, media by pages that embed them.
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
  referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  xFrameOptions: { action: 'sameorigin' },
};
