import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createThumbnail, sniffMedia } from '../src/index.ts';
import { hugePng, mp4, oggOpus, wav } from './mediaSamples.ts';

function picture(format: 'png' | 'jpeg' | 'webp' | 'gif', width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#2a9' } })
    .toFormat(format)
    .toBuffer();
}

async function look(bytes: Uint8Array, declared?: string) {
  const { body: _, ...info } = await sniffMedia(bytes, declared);
  return info;
}

describe('sniffMedia', () => {
  it('knows pictures by their bytes, whatever they are called', async () => {
    expect(await look(await picture('jpeg', 40, 30), 'image/png')).toEqual({
      mime: 'image/jpeg',
      extension: 'jpg',
      kind: 'image',
      width: 40,
      height: 30,
    });
    expect(await look(await picture('png', 7, 9))).toMatchObject({ mime: 'image/png', extension: 'png', width: 7 });
    expect(await look(await picture('gif', 5, 5), 'application/octet-stream')).toMatchObject({ mime: 'image/gif' });
    const turned = await sharp(await picture('jpeg', 40, 30))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await look(turned)).toMatchObject({ width: 30, height: 40 });
  });

  it('tells a sticker from a picture', async () => {
    expect(await look(await picture('webp', 512, 512), 'image/webp')).toMatchObject({
      kind: 'sticker',
      mime: 'image/webp',
      extension: 'webp',
    });
    expect(await look(await picture('webp', 513, 512), 'image/webp')).toMatchObject({ kind: 'image' });
    expect(await look(await picture('png', 512, 512))).toMatchObject({ kind: 'image' });
  });

  it('knows how long sound and film play and how large film shows', async () => {
    expect(await look(wav(2.5), 'audio/x-wav')).toMatchObject({ kind: 'audio', durationSeconds: 2.5 });
    expect(await look(oggOpus(4), 'audio/ogg; codecs=opus')).toEqual({
      mime: 'audio/ogg',
      extension: 'ogg',
      kind: 'audio',
      durationSeconds: 4,
    });
    expect(await look(mp4(12.5, 640, 360))).toEqual({
      mime: 'video/mp4',
      extension: 'mp4',
      kind: 'video',
      width: 640,
      height: 360,
      durationSeconds: 12.5,
    });
    // A voice note from a phone: the same container.
    expect(await look(mp4(3, 0, 0), 'audio/mp4')).toMatchObject({
      kind: 'audio',
      extension: 'm4a',
      durationSeconds: 3,
    });
  });

  it('takes documents by their bytes, and by their word where bytes say nothing more', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%\n');
    const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(60)]);
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    expect(await look(pdf, 'image/png')).toEqual({ mime: 'application/pdf', extension: 'pdf', kind: 'document' });
    expect(await look(zip, docx)).toMatchObject({ mime: docx, extension: 'docx', kind: 'document' });
    expect(await look(Buffer.from('الاسم,الهاتف\n'), 'text/csv')).toMatchObject({ mime: 'text/csv', extension: 'csv' });
    expect(await look(Buffer.from('just words'))).toMatchObject({ mime: 'text/plain', extension: 'txt' });
    expect(await look(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml')).toMatchObject({
      kind: 'document',
    });
    expect(await look(Buffer.from('MZ no picture'), 'image/jpeg')).toMatchObject({ kind: 'document' });
    expect(await look(Buffer.from('<b>no picture</b>'), 'image/jpeg')).toEqual({
      mime: 'application/octet-stream',
      extension: 'bin',
      kind: 'document',
    });
    expect(await look(Buffer.from([0, 1, 2, 3]))).toMatchObject({ mime: 'application/octet-stream' });
    expect(await look(Buffer.alloc(0))).toMatchObject({ mime: 'application/octet-stream', kind: 'document' });
  });

  it('leaves out what damaged files do not tell', async () => {
    const jpeg = await picture('jpeg', 40, 30);
    expect(await look(jpeg.subarray(0, 30), 'image/jpeg')).toEqual({
      mime: 'image/jpeg',
      extension: 'jpg',
      kind: 'image',
    });
    expect(await look(mp4(5, 64, 64).subarray(0, 60))).toMatchObject({ mime: 'video/mp4', kind: 'video' });
    expect(await look(oggOpus(5).subarray(0, 40))).toMatchObject({ kind: 'audio' });
  });

  it('looks at the beginning of a stream and passes all of it on', async () => {
    const film = mp4(9, 320, 240, 2_000_000);
    const pieces = Array.from({ length: 34 }, (_, index) => film.subarray(index * 60_000, (index + 1) * 60_000));
    const { body, ...info } = await sniffMedia(Readable.from(pieces), 'video/mp4');
    expect(info).toMatchObject({ kind: 'video', width: 320, height: 240, durationSeconds: 9 });
    expect((await buffer(body)).equals(film)).toBe(true);
    const short = await sniffMedia(Readable.from([await picture('png', 3, 4)]));
    expect(short).toMatchObject({ width: 3, height: 4 });
    expect((await buffer(short.body)).length).toBeGreaterThan(50);
  });
});

describe('createThumbnail', () => {
  it('makes a small upright copy without the camera’s notes', async () => {
    const photo = await sharp(await picture('jpeg', 1200, 800))
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 2/1 40/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const small = await createThumbnail(photo);
    expect(small).toMatchObject({ mime: 'image/webp', width: 213, height: 320 });
    const { exif, orientation, format } = await sharp(small.bytes).metadata();
    expect({ exif, orientation, format }).toEqual({ exif: undefined, orientation: undefined, format: 'webp' });
    const jpeg = await createThumbnail(photo, { width: 50, height: 50, format: 'jpeg', quality: 60 });
    expect(jpeg).toMatchObject({ mime: 'image/jpeg', height: 50 });
    expect(await createThumbnail(await picture('png', 10, 10))).toMatchObject({ width: 10, height: 10 });
  });

  it('refuses what is no picture, damaged pictures and bombs', async () => {
    await expect(createThumbnail(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).rejects.toMatchObject({
      status: 415,
    });
    await expect(createThumbnail(Buffer.from('%PDF-1.7'))).rejects.toMatchObject({ status: 415 });
    const photo = await picture('jpeg', 300, 300);
    await expect(createThumbnail(photo.subarray(0, 400))).rejects.toMatchObject({ status: 422 });
    const bomb = hugePng(20_000);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(createThumbnail(bomb)).rejects.toMatchObject({
      status: 422,
      message: 'The picture is damaged, or larger than 50 megapixels.',
    });
    expect(await look(bomb)).toMatchObject({ kind: 'image', width: 20_000 });
  });
});
