import { File as FileIcon, Music, RotateCw, TriangleAlert, Video, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { useFormat } from '#i18n/useFormat.ts';
import type { AttachmentTray, PendingFile } from './useAttachments.ts';

/** Files that will go with the message: picture or name, how far the upload is, why one was refused. */
export function TrayFiles({ tray }: { tray: AttachmentTray }) {
  const { t } = useTranslation();
  if (tray.files.length === 0) return null;
  return (
    <ul aria-label={t('inbox.attach.list')} className="flex flex-wrap gap-2 px-3 pt-2">
      {tray.files.map((file) => (
        <TrayFile key={file.id} file={file} onRemove={() => tray.remove(file.id)} />
      ))}
    </ul>
  );
}

function TrayFile({ file, onRemove }: { file: PendingFile; onRemove: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const refused = file.state.phase === 'refused';
  const share = file.state.phase === 'uploading' ? file.state.progress : 1;
  return (
    <li
      data-state={file.state.phase}
      className={cx(
        'relative flex h-12 max-w-64 items-center gap-2 overflow-hidden rounded-control bg-sunken ps-1.5 pe-8 inset-ring',
        refused ? 'inset-ring-danger-line' : 'inset-ring-line',
      )}
    >
      {file.kind === 'image' ? (
        <img src={file.localUrl} alt="" className="size-9 rounded-badge object-cover" />
      ) : (
        <span className="flex size-9 items-center justify-center text-ink-3">
          {file.kind === 'video' ? <Video /> : file.kind === 'audio' ? <Music /> : <FileIcon />}
        </span>
      )}
      <span className="min-w-0 text-12">
        <bdi className="line-1 block font-medium">{file.file.name}</bdi>
        {file.state.phase === 'refused' ? (
          <span className="line-1 flex items-center gap-1 text-danger-ink icon-14" title={file.state.reason}>
            <TriangleAlert />
            <span className="line-1">{file.state.reason}</span>
          </span>
        ) : (
          <span className="flex items-center gap-1 text-ink-3 tabular">
            {share < 1 ? <RotateCw className="icon-14 animate-spin" /> : null}
            {share < 1
              ? t('inbox.attach.progress', { percent: format.number(Math.round(share * 100)) })
              : format.bytes(file.file.size)}
          </span>
        )}
      </span>
      <button
        type="button"
        onClick={onRemove}
        aria-label={t('inbox.attach.remove', { name: file.file.name })}
        className="absolute end-0.5 flex size-7 items-center justify-center rounded-control text-ink-3 icon-14 hover:bg-hover hover:text-ink"
      >
        <X />
      </button>
      {share < 1 ? (
        <span
          role="progressbar"
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-label={t('inbox.attach.uploading', { name: file.file.name })}
          className="absolute inset-x-0 bottom-0 h-0.5 bg-line"
        >
          <span className="block h-full bg-accent" style={{ inlineSize: `${String(share * 100)}%` }} />
        </span>
      ) : null}
    </li>
  );
}
