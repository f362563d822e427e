import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiContext } from '#api/context.ts';
import { asFailure } from '#api/failure.ts';
import { newId } from '#api/newId.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { limitsOf, type MediaKind, mediaKindOf } from './channelLimits.ts';
import { type MediaMeasures, measureMedia } from './measureMedia.ts';
import { uploadFile } from './uploadFile.ts';

/** A file beside the text: on its way to the storage, there, or refused with the reason. */
export interface PendingFile extends MediaMeasures {
  id: string;
  file: File;
  kind: MediaKind;
  localUrl: string;
  state:
    | { phase: 'uploading'; progress: number }
    | { phase: 'stored'; path: string }
    | { phase: 'refused'; reason: string };
}

const MOST_FILES = 10;

export interface AttachmentTray {
  files: readonly PendingFile[];
  add(files: Iterable<File>): void;
  remove(id: string): void;
  /** Hands the files over to a message; they stay in memory because the message shows them. */
  take(): readonly PendingFile[];
  uploading: boolean;
}

export function useAttachments(conversationId: string, channelType: string): AttachmentTray {
  const { t } = useTranslation();
  const format = useFormat();
  const { api, config } = useApiContext();
  const me = useMe();
  const [files, setFiles] = useState<readonly PendingFile[]>([]);
  const aborts = useRef(new Map<string, AbortController>());

  const patch = useCallback((id: string, changes: Partial<PendingFile>) => {
    setFiles((now) => now.map((one) => (one.id === id ? { ...one, ...changes } : one)));
  }, []);

  const add = useCallback(
    (incoming: Iterable<File>) => {
      const limits = limitsOf(channelType);
      const fresh = [...incoming].slice(0, MOST_FILES).map((file): PendingFile => {
        const kind = mediaKindOf(file.type, limits);
        const limit = limits.media[kind]?.maxBytes;
        const reason =
          limit === undefined
            ? t('inbox.attach.kindRefused')
            : file.size > limit
              ? t('inbox.attach.tooLarge', { limit: format.bytes(limit) })
              : file.size === 0
                ? t('inbox.attach.empty')
                : null;
        return {
          id: newId(),
          file,
          kind,
          localUrl: URL.createObjectURL(file),
          width: null,
          height: null,
          duration: null,
          state: reason === null ? { phase: 'uploading', progress: 0 } : { phase: 'refused', reason },
        };
      });
      setFiles((now) => [...now, ...fresh].slice(0, MOST_FILES));
      for (const one of fresh) {
        if (one.state.phase !== 'uploading') continue;
        void measureMedia(one.file, one.localUrl).then((measures) => patch(one.id, measures));
        const abort = new AbortController();
        aborts.current.set(one.id, abort);
        uploadFile({
          api,
          anonKey: config.anonKey,
          organizationId: me.organization.id,
          conversationId,
          file: one.file,
          onProgress: (progress) => patch(one.id, { state: { phase: 'uploading', progress } }),
          signal: abort.signal,
        }).then(
          (path) => patch(one.id, { state: { phase: 'stored', path } }),
          (thrown: unknown) => patch(one.id, { state: { phase: 'refused', reason: asFailure(thrown).message } }),
        );
      }
    },
    [api, config.anonKey, channelType, conversationId, format, me.organization.id, patch, t],
  );

  const remove = useCallback((id: string) => {
    aborts.current.get(id)?.abort();
    setFiles((now) => {
      const gone = now.find((one) => one.id === id);
      if (gone !== undefined) URL.revokeObjectURL(gone.localUrl);
      return now.filter((one) => one.id !== id);
    });
  }, []);

  const latest = useRef(files);
  useEffect(() => {
    latest.current = files;
  }, [files]);
  const take = useCallback(() => {
    const taken = latest.current.filter((one) => one.state.phase === 'stored');
    setFiles([]);
    return taken;
  }, []);

  return useMemo(
    () => ({ files, add, remove, take, uploading: files.some((one) => one.state.phase === 'uploading') }),
    [files, add, remove, take],
  );
}
