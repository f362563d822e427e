import { Download, FileText, ImageOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '#features/inbox/model/message.ts';
import { AudioPlayer } from '#features/inbox/thread/content/AudioPlayer.tsx';
import { Lightbox } from '#features/inbox/thread/Lightbox.tsx';
import { useMediaUrl } from '#features/inbox/thread/useMediaUrl.ts';
import { useFormat } from '#i18n/useFormat.ts';

/** The files of a message as a phone shows them. */
export function BubbleFiles({ files }: { files: readonly Attachment[] }) {
  return files.map((file) => {
    switch (file.kind) {
      case 'image':
      case 'video':
      case 'sticker':
        return <Picture key={file.id} file={file} />;
      case 'audio':
      case 'voice':
        return <AudioPlayer key={file.id} attachment={file} />;
      default:
        return <FileCard key={file.id} file={file} />;
    }
  });
}

const WIDTH = 252;

function Picture({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const isVideo = file.kind === 'video';
  const { url, failed } = useMediaUrl(file, isVideo ? file.thumbnail_path : (file.thumbnail_path ?? file.storage_path));
  const missing = failed || file.status === 'FAILED';
  const label = file.file_name ?? t(isVideo ? 'inbox.kind.video' : 'inbox.kind.image');
  const height = Math.min(300, Math.round((WIDTH * (file.height ?? 3)) / (file.width ?? 4)));
  return (
    <>
      <button
        type="button"
        disabled={missing}
        onClick={() => setOpen(true)}
        aria-label={t('inbox.media.open', { name: label })}
        style={{ inlineSize: WIDTH, blockSize: height }}
        className="relative -mx-1 mb-1 block max-w-[calc(100%+0.5rem)] overflow-hidden rounded-control bg-[color-mix(in_oklch,var(--phone-meta)_18%,transparent)]"
      >
        {missing ? (
          <span className="flex h-full flex-col items-center justify-center gap-1 px-3 text-12 phone-meta">
            <ImageOff />
            {t('inbox.media.missing')}
          </span>
        ) : url === undefined ? null : (
          <img src={url} alt={label} className="size-full object-cover" />
        )}
      </button>
      {open ? <Lightbox items={[file]} start={0} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function FileCard({ file }: { file: Attachment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { url } = useMediaUrl(file);
  const name = file.file_name ?? t('inbox.kind.document');
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener"
      aria-disabled={url === undefined}
      aria-label={t('inbox.media.open', { name })}
      className="-mx-1 mb-1 flex w-60 max-w-[calc(100%+0.5rem)] items-center gap-2.5 rounded-control bg-[color-mix(in_oklch,var(--phone-meta)_12%,transparent)] px-2.5 py-2"
    >
      <span className="phone-meta [&_svg]:size-6">
        <FileText />
      </span>
      <span className="min-w-0 flex-1">
        <span className="line-1 block text-13 font-medium">
          <bdi>{name}</bdi>
        </span>
        <span className="block text-12 phone-meta">
          {file.status === 'PENDING'
            ? t('inbox.media.fetching')
            : file.size_bytes === null
              ? ''
              : format.bytes(file.size_bytes)}
        </span>
      </span>
      <span className="phone-meta">
        <Download />
      </span>
    </a>
  );
}
