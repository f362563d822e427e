import { traceId } from './ids.ts';

/** Titles and HTTP statuses of the codes that the simulator answers with (“Error codes”, WhatsApp Business Platform). */
const known: Readonly<Record<number, { title: string; status: number }>> = {
  1: { title: 'An unknown error occurred', status: 400 },
  2: { title: 'Service temporarily unavailable', status: 503 },
  4: { title: 'Application request limit reached', status: 400 },
  10: { title: 'Application does not have permission for this action', status: 403 },
  100: { title: 'Invalid parameter', status: 400 },
  104: { title: 'An access token is required to request this resource.', status: 400 },
  190: { title: 'Invalid OAuth access token - Cannot parse access token', status: 401 },
  368: { title: 'Temporarily blocked for policies violations', status: 403 },
  2500: { title: 'Unknown path components', status: 400 },
  80007: { title: 'Rate limit issues', status: 400 },
  130429: { title: 'Rate limit hit', status: 400 },
  130472: { title: "User's number is part of an experiment", status: 400 },
  131000: { title: 'Something went wrong', status: 500 },
  131005: { title: 'Access denied', status: 403 },
  131008: { title: 'Required parameter is missing', status: 400 },
  131009: { title: 'Parameter value is not valid', status: 400 },
  131016: { title: 'Service unavailable', status: 503 },
  131021: { title: 'Recipient cannot be sender', status: 400 },
  131026: { title: 'Message undeliverable', status: 400 },
  131031: { title: 'Business Account locked', status: 403 },
  131042: { title: 'Business eligibility payment issue', status: 400 },
  131047: { title: 'Re-engagement message', status: 400 },
  131048: { title: 'Spam rate limit hit', status: 400 },
  131049: { title: 'This message was not delivered to maintain healthy ecosystem engagement.', status: 400 },
  131050: { title: 'User has stopped marketing messages from you', status: 400 },
  131051: { title: 'Message type unknown', status: 400 },
  131052: { title: 'Media download error', status: 400 },
  131053: { title: 'Media upload error', status: 400 },
  131056: { title: '(Business Account, Consumer Account) pair rate limit hit', status: 400 },
  131057: { title: 'Account in maintenance mode', status: 503 },
  132000: { title: 'Number of parameters does not match the expected number of params', status: 400 },
  132001: { title: 'Template name does not exist in the translation', status: 404 },
  132005: { title: 'Translated text too long', status: 400 },
  132007: { title: 'Character Policy Violated', status: 400 },
  132012: { title: 'Parameter format does not match format in the created template', status: 400 },
  132015: { title: 'Template is paused', status: 400 },
  132016: { title: 'Template is disabled', status: 400 },
  132068: { title: 'Flow is in blocked state', status: 400 },
  133010: { title: 'Phone number is not registered on the WhatsApp Business Platform', status: 400 },
};

/** An answer of the Graph API in its error envelope. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: number;
  readonly envelope: { error: Record<string, unknown> };

  constructor(
    code: number,
    o: { details?: string; subcode?: number; message?: string; type?: string; status?: number } = {},
  ) {
    const title = known[code]?.title ?? 'Error';
    super(o.message ?? `(#${code}) ${title}`);
    this.code = code;
    this.status = o.status ?? known[code]?.status ?? 400;
    this.envelope = {
      error: {
        message: this.message,
        type: o.type ?? 'OAuthException',
        code,
        ...(o.details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details: o.details } }),
        ...(o.subcode === undefined ? {} : { error_subcode: o.subcode }),
        fbtrace_id: traceId(),
      },
    };
  }
}

/** An error as it stands in webhooks (`errors[]` of a status or a message). */
export function webhookError(code: number, details: string): Record<string, unknown> {
  const title = known[code]?.title ?? 'Error';
  return {
    code,
    title,
    message: title,
    error_data: { details },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}

/** “(#100) The parameter text is required.” */
export function missingParameter(name: string): GraphError {
  return new GraphError(100, { message: `(#100) The parameter ${name} is required.` });
}

export function invalidParameter(details: string): GraphError {
  return new GraphError(131009, { details });
}

/** Meta's answer for an id that is not there or not ours: it does not say which. */
export function missingObject(method: string, id: string): GraphError {
  const verb = method.toLowerCase();
  return new GraphError(100, {
    subcode: 33,
    type: 'GraphMethodException',
    message:
      `Unsupported ${verb} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, ` +
      'or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api',
  });
}
