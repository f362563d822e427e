export interface MediaMeasures {
  width: number | null;
  height: number | null;
  /** Seconds. */
  duration: number | null;
}

const unknown: MediaMeasures = { width: null, height: null, duration: null };

/** Size and length of a picture, video or sound, read in the browser; nulls for what cannot be read. Never rejects. */
export async function measureMedia(file: File, url: string): Promise<MediaMeasures> {
  try {
    if (file.type.startsWith('image/')) return await measureImage(url);
    if (file.type.startsWith('video/')) return await measurePlayable('video', url);
    if (file.type.startsWith('audio/')) return await measurePlayable('audio', url);
  } catch {
    // A file the browser cannot read is still a file.
  }
  return unknown;
}

async function measureImage(url: string): Promise<MediaMeasures> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight, duration: null };
}

function measurePlayable(tag: 'audio' | 'video', url: string): Promise<MediaMeasures> {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    element.preload = 'metadata';
    element.onerror = () => resolve(unknown);
    element.onloadedmetadata = () => {
      const isVideo = element instanceof HTMLVideoElement && element.videoWidth > 0;
      resolve({
        width: isVideo ? element.videoWidth : null,
        height: isVideo ? element.videoHeight : null,
        duration: Number.isFinite(element.duration) ? element.duration : null,
      });
    };
    element.src = url;
  });
}
