import { Pause, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment } from '../../model/message.ts';
import { useMediaUrl } from '../useMediaUrl.ts';

const speeds = [1, 1.5, 2] as const;

/** Seconds as m:ss, left to right in every language, as a player shows them. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
}

/** A voice message or sound: play, position, speed. Media controls run left to right in every language. */
export function AudioPlayer({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation();
  const { url, failed } = useMediaUrl(attachment);
  const player = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [duration, setDuration] = useState(attachment.duration_seconds ?? 0);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);

  const toggle = () => {
    if (playing) player.current?.pause();
    else void player.current?.play();
  };
  const nextSpeed = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    setSpeed(next);
    if (player.current !== null) player.current.playbackRate = next;
  };
  return (
    <div dir="ltr" className="flex w-64 max-w-full items-center gap-2 py-0.5">
      <button
        type="button"
        onClick={toggle}
        disabled={url === undefined || failed}
        aria-label={playing ? t('inbox.media.pause') : t('inbox.media.play')}
        className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-hover disabled:opacity-50"
      >
        {playing ? <Pause className="icon-14 fill-current" /> : <Play className="icon-14 fill-current" />}
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(1, duration)}
        step={0.1}
        value={position}
        aria-label={t('inbox.media.position')}
        aria-valuetext={clockText(position)}
        onChange={(event) => {
          const to = Number(event.target.value);
          setPosition(to);
          if (player.current !== null) player.current.currentTime = to;
        }}
        className="h-1 min-w-0 flex-1 accent-accent"
      />
      <span className="w-9 text-12 text-bubble-meta tabular">
        {clockText(playing || position > 0 ? position : duration)}
      </span>
      <button
        type="button"
        onClick={nextSpeed}
        aria-label={t('inbox.media.speed', { speed })}
        className="h-6 w-9 shrink-0 rounded-badge bg-pressed/60 text-11 font-strong text-ink-2 tabular"
      >
        {speed}×
      </button>
      {/* Captions do not exist for what a customer records. */}
      <audio
        ref={player}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPosition(0)}
        onTimeUpdate={(event) => setPosition(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => {
          if (Number.isFinite(event.currentTarget.duration)) setDuration(event.currentTarget.duration);
        }}
      >
        <track kind="captions" />
      </audio>
    </div>
  );
}
