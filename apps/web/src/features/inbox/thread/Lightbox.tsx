import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import type { Attachment } from '../model/message.ts';
import { useMediaUrl } from './useMediaUrl.ts';

const MAX_ZOOM = 5;
const buttonClass =
  'flex size-9 items-center justify-center rounded-control text-on-accent hover:bg-scrim disabled:opacity-40';

/** Pictures and videos over the whole window: zoom to five times, drag, arrows to the next, download. */
export function Lightbox({
  items,
  start,
  onClose,
}: {
  items: readonly Attachment[];
  start: number;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [index, setIndex] = useState(start);
  const current = items[index];
  if (current === undefined) return null;
  const step = (by: number) => setIndex((now) => Math.min(items.length - 1, Math.max(0, now + by)));
  const onKeyDown = (event: KeyboardEvent) => {
    // The order of pictures follows the arrows as they point, in every language.
    if (event.key === 'ArrowRight') step(1);
    else if (event.key === 'ArrowLeft') step(-1);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-[oklch(0.1_0.01_277/0.92)] animate-fade" />
        <Dialog.Content
          aria-describedby={undefined}
          dir="ltr"
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-50 flex flex-col focus:outline-none"
        >
          <Dialog.Title className="sr-only">{current.file_name ?? t('inbox.kind.image')}</Dialog.Title>
          <Stage key={current.id} attachment={current} onClose={onClose} />
          {items.length > 1 ? (
            <>
              <button
                type="button"
                disabled={index === 0}
                onClick={() => step(-1)}
                aria-label={t('inbox.media.previous')}
                className={cx(buttonClass, 'absolute inset-y-0 start-3 my-auto size-11')}
              >
                <ChevronLeft />
              </button>
              <button
                type="button"
                disabled={index === items.length - 1}
                onClick={() => step(1)}
                aria-label={t('inbox.media.next')}
                className={cx(buttonClass, 'absolute inset-y-0 end-3 my-auto size-11')}
              >
                <ChevronRight />
              </button>
            </>
          ) : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Stage({ attachment, onClose }: { attachment: Attachment; onClose: () => void }) {
  const { t } = useTranslation();
  const { url } = useMediaUrl(attachment);
  const [zoom, setZoom] = useState(1);
  const [shift, setShift] = useState({ x: 0, y: 0 });
  const drag = useRef<{ x: number; y: number } | null>(null);
  const isVideo = attachment.kind === 'video';
  const zoomTo = (next: number) => {
    const bounded = Math.min(MAX_ZOOM, Math.max(1, next));
    setZoom(bounded);
    if (bounded === 1) setShift({ x: 0, y: 0 });
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current === null) return;
    setShift({ x: event.clientX - drag.current.x, y: event.clientY - drag.current.y });
  };
  return (
    <>
      <div className="flex h-14 items-center justify-end gap-1 px-3">
        <span className="line-1 me-auto text-13 text-on-accent" dir="auto">
          {attachment.file_name}
        </span>
        {isVideo ? null : (
          <>
            <button
              type="button"
              className={buttonClass}
              aria-label={t('inbox.media.zoomOut')}
              disabled={zoom === 1}
              onClick={() => zoomTo(zoom - 1)}
            >
              <ZoomOut />
            </button>
            <button
              type="button"
              className={buttonClass}
              aria-label={t('inbox.media.zoomIn')}
              disabled={zoom === MAX_ZOOM}
              onClick={() => zoomTo(zoom + 1)}
            >
              <ZoomIn />
            </button>
          </>
        )}
        <a
          className={buttonClass}
          href={url}
          download={attachment.file_name ?? true}
          target="_blank"
          rel="noopener"
          aria-label={t('inbox.media.download', { name: attachment.file_name ?? '' })}
        >
          <Download />
        </a>
        <button type="button" className={buttonClass} aria-label={t('action.close')} onClick={onClose}>
          <X />
        </button>
      </div>
      <div className="flex min-h-0 flex-1 items-center justify-center overflow-hidden p-4">
        {url === undefined ? null : isVideo ? (
          <video src={url} controls autoPlay className="max-h-full max-w-full">
            <track kind="captions" />
          </video>
        ) : (
          <img
            src={url}
            alt={attachment.file_name ?? t('inbox.kind.image')}
            draggable={false}
            onDoubleClick={() => zoomTo(zoom === 1 ? 2.5 : 1)}
            onWheel={(event) => zoomTo(zoom - event.deltaY / 300)}
            onPointerDown={(event) => {
              if (zoom === 1) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              drag.current = { x: event.clientX - shift.x, y: event.clientY - shift.y };
            }}
            onPointerMove={onPointerMove}
            onPointerUp={() => {
              drag.current = null;
            }}
            style={{ transform: `translate(${String(shift.x)}px, ${String(shift.y)}px) scale(${String(zoom)})` }}
            className={cx('max-h-full max-w-full object-contain', zoom > 1 ? 'cursor-grab' : 'cursor-zoom-in')}
          />
        )}
      </div>
    </>
  );
}
