import type { Api } from '#api/client.ts';
import { ApiFailure } from '#api/failure.ts';
import { newId } from '#api/newId.ts';

export interface UploadOptions {
  api: Api;
  anonKey: string;
  organizationId: string;
  conversationId: string;
  file: File;
  /** From 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Stores a file in the bucket `media` under the conversation and resolves with its path. The same request that
 * supabase-js makes, by XMLHttpRequest because fetch tells nothing about the progress of an upload.
 */
export async function uploadFile(options: UploadOptions): Promise<string> {
  const { api, anonKey, organizationId, conversationId, file, onProgress, signal } = options;
  const path = `${organizationId}/${conversationId}/${newId()}-${safeName(file.name)}`;
  const { data } = await api.auth.getSession();
  if (data.session === null) throw new ApiFailure('signed-out', 'The session has ended');
  const token = data.session.access_token;
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/storage/v1/object/media/${path.split('/').map(encodeURIComponent).join('/')}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('apikey', anonKey);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.setRequestHeader('x-upsert', 'false');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new ApiFailure(request.status === 403 ? 'denied' : 'server', reasonOf(request)));
    };
    request.onerror = () => reject(new ApiFailure('offline', 'The connection broke during the upload'));
    request.onabort = () => reject(new ApiFailure('offline', 'The upload was stopped'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
  return path;
}

function reasonOf(request: XMLHttpRequest): string {
  try {
    const body: unknown = JSON.parse(request.responseText);
    if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string')
      return body.message;
  } catch {
    // Not JSON: the status has to do.
  }
  return `${String(request.status)} ${request.statusText}`;
}

/** Object names take ASCII letters and a few signs; the real name is kept beside the message. */
function safeName(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension =
    dot > 0
      ? name
          .slice(dot + 1)
          .replace(/[^A-Za-z0-9]/g, '')
          .slice(0, 8)
      : '';
  const base = (dot > 0 ? name.slice(0, dot) : name)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${base === '' ? 'file' : base}${extension === '' ? '' : `.${extension.toLowerCase()}`}`;
}
