import {
  Download,
  FileArchive,
  FileAudio,
  FileSpreadsheet,
  FileText,
  FileType2,
  FileVideo,
  ImageOff,
  Play,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { Spinner } from '#design/Spinner.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { Attachment, ThreadMessage } from '../../model/message.ts';
import { Lightbox } from '../Lightbox.tsx';
import { useMediaUrl } from '../useMediaUrl.ts';
import { AudioPlayer } from './AudioPlayer.tsx';

const isVisual = (attachment: Attachment): boolean => attachment.kind === 'image' || attachment.kind === 'video';

/** The files of a message, each in the way its kind is looked at. */
export function Attachments({ message }: { message: ThreadMessage }) {
  const [viewing, setViewing] = useState<number | null>(null);
  const visual = message.attachments.filter(isVisual);
  const others = message.attachments.filter((attachment) => !isVisual(attachment));
  const progress = message.local?.phase === 'uploading' ? message.local.progress : undefined;
  return (
    <div className="flex flex-col gap-1">
      {visual.length === 0 ? null : (
        <div className={cx('grid gap-1', visual.length > 1 && 'grid-cols-2')}>
          {visual.map((attachment, index) => (
            <Visual
              key={attachment.id}
              attachment={attachment}
              single={visual.length === 1}
              progress={progress}
              onOpen={() => setViewing(index)}
            />
          ))}
        </div>
      )}
      {others.map((attachment) =>
        attachment.kind === 'audio' || attachment.kind === 'voice' ? (
          <AudioPlayer key={attachment.id} attachment={attachment} />
        ) : attachment.kind === 'sticker' ? (
          <StickerImage key={attachment.id} attachment={attachment} />
        ) : (
          <FileCard key={attachment.id} attachment={attachment} />
        ),
      )}
      {viewing === null ? null : <Lightbox items={visual} start={viewing} onClose={() => setViewing(null)} />}
    </div>
  );
}

const MAX_WIDTH = 320;
const MAX_HEIGHT = 320;

/** The size on the screen, known before the picture is there, so that the thread does not move. */
function shownSize(attachment: Attachment): { width: number; height: number } {
  const width = attachment.width ?? 280;
  const height = attachment.height ?? 200;
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.max(96, Math.round(width * scale)), height: Math.max(72, Math.round(height * scale)) };
}

function Visual(props: { attachment: Attachment; single: boolean; progress: number | undefined; onOpen: () => void }) {
  const { attachment, single, progress, onOpen } = props;
  const { t } = useTranslation();
  const isVideo = attachment.kind === 'video';
  const picture = useMediaUrl(
    attachment,
    isVideo ? attachment.thumbnail_path : (attachment.thumbnail_path ?? attachment.storage_path),
  );
  const missing = attachment.status === 'FAILED' || picture.failed;
  const size =
    missing && single ? { width: 240, height: 72 } : single ? shownSize(attachment) : { width: 156, height: 156 };
  const label = attachment.file_name ?? (isVideo ? t('inbox.kind.video') : t('inbox.kind.image'));
  return (
    <button
      type="button"
      onClick={onOpen}
      disabled={missing}
      aria-label={t('inbox.media.open', { name: label })}
      style={{ inlineSize: size.width, blockSize: size.height }}
      className="relative max-w-full overflow-hidden rounded-control bg-pressed/60"
    >
      {missing ? (
        <span className="flex h-full flex-col items-center justify-center gap-1 px-2 text-12 text-ink-3">
          <ImageOff />
          {attachment.error_message ?? t('inbox.media.missing')}
        </span>
      ) : picture.url === undefined ? null : isVideo && attachment.thumbnail_path === null ? (
        <video src={picture.url} muted preload="metadata" className="size-full object-cover" />
      ) : (
        <img src={picture.url} alt={label} loading="lazy" decoding="async" className="size-full object-cover" />
      )}
      {isVideo && !missing ? (
        <span className="absolute inset-0 m-auto flex size-11 items-center justify-center rounded-full bg-scrim text-on-accent">
          <Play className="fill-current" />
        </span>
      ) : null}
      {progress === undefined ? null : (
        <span className="absolute inset-0 flex items-center justify-center bg-scrim text-on-accent">
          <Spinner className="size-6" />
        </span>
      )}
    </button>
  );
}

function StickerImage({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const { url } = useMediaUrl(attachment);
  return (
    <span className="block size-32">
      {url === undefined ? null : (
        <img src={url} alt={t('inbox.kind.sticker')} className="size-full object-contain" loading="lazy" />
      )}
    </span>
  );
}

function fileIcon(mime: string, name: string): ReactNode {
  if (mime.startsWith('audio/')) return <FileAudio />;
  if (mime.startsWith('video/')) return <FileVideo />;
  if (/pdf/.test(mime) || name.endsWith('.pdf')) return <FileType2 />;
  if (/sheet|excel|csv/.test(mime)) return <FileSpreadsheet />;
  if (/zip|compressed|tar/.test(mime)) return <FileArchive />;
  return <FileText />;
}

function FileCard({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { url, failed } = useMediaUrl(attachment);
  const name = attachment.file_name ?? t('inbox.kind.document');
  const missing = attachment.status === 'FAILED' || failed;
  return (
    <a
      href={url}
      download={name}
      target="_blank"
      rel="noopener"
      aria-label={t('inbox.media.download', { name })}
      aria-disabled={url === undefined}
      className="flex w-64 max-w-full items-center gap-2.5 rounded-control bg-surface/70 px-2.5 py-2 inset-ring inset-ring-line hover:bg-surface"
    >
      <span className="text-ink-3 [&_svg]:size-5">{fileIcon(attachment.mime_type ?? '', name)}</span>
      <span className="min-w-0 flex-1">
        <span className="line-1 block text-13 font-medium" dir="auto">
          {name}
        </span>
        <span className="block text-12 text-ink-3">
          {missing
            ? (attachment.error_message ?? t('inbox.media.missing'))
            : attachment.status === 'PENDING'
              ? t('inbox.media.fetching')
              : attachment.size_bytes === null
                ? ''
                : format.bytes(attachment.size_bytes)}
        </span>
      </span>
      <Download className="text-ink-3" />
    </a>
  );
}
