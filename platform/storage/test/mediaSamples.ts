import { crc32, deflateSync } from 'node:zlib';

/** Small files with nothing in them but what readers look at. */

/** PCM, 8 kHz, mono, silence. */
export function wav(seconds: number): Buffer {
  const data = Buffer.alloc(seconds * 8000 * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** Opus in Ogg (RFC 7845): head, tags and one packet whose position says how long it plays. */
export function oggOpus(seconds: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0);
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt32LE(48_000, 12);
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    Buffer.from([4, 0, 0, 0]),
    Buffer.from('test'),
    Buffer.alloc(4),
  ]);
  return Buffer.concat([
    oggPage(head, 0, 2, 0),
    oggPage(tags, 0, 0, 1),
    oggPage(Buffer.from([0xf8, 0xff, 0xfe]), seconds * 48_000, 4, 2),
  ]);
}

function oggPage(packet: Buffer, position: number, flags: number, sequence: number): Buffer {
  const header = Buffer.alloc(28);
  header.write('OggS', 0);
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(position), 6);
  header.writeUInt32LE(7, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(1, 26);
  header.writeUInt8(packet.length, 27);
  return Buffer.concat([header, packet]);
}

/** ISO 14496-12: a movie header and one track, of sound where there is no size. */
export function mp4(seconds: number, width: number, height: number, mediaBytes = 16): Buffer {
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1000, 12);
  mvhd.writeUInt32BE(seconds * 1000, 16);
  const entry = width > 0 ? videoEntry(width, height) : soundEntry();
  const track = trackOf(width > 0 ? 'vide' : 'soun', entry, seconds, width, height);
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\x02\0isommp41')),
    box('moov', box('mvhd', mvhd), track),
    box('mdat', Buffer.alloc(mediaBytes, 7)),
  ]);
}

function videoEntry(width: number, height: number): Buffer {
  const avc1 = Buffer.alloc(78);
  avc1.writeUInt16BE(1, 6);
  avc1.writeUInt16BE(width, 24);
  avc1.writeUInt16BE(height, 26);
  return box('avc1', avc1);
}

function soundEntry(): Buffer {
  const mp4a = Buffer.alloc(28);
  mp4a.writeUInt16BE(1, 6);
  mp4a.writeUInt16BE(1, 16);
  mp4a.writeUInt16BE(16, 18);
  mp4a.writeUInt16BE(8000, 24);
  return box('mp4a', mp4a);
}

function trackOf(handler: string, entry: Buffer, seconds: number, width: number, height: number): Buffer {
  const tkhd = Buffer.alloc(84);
  tkhd.writeUInt32BE(1, 12);
  tkhd.writeUInt32BE(seconds * 1000, 20);
  tkhd.writeUInt32BE(width * 65_536, 76);
  tkhd.writeUInt32BE(height * 65_536, 80);
  const mdhd = Buffer.alloc(24);
  mdhd.writeUInt32BE(1000, 12);
  mdhd.writeUInt32BE(seconds * 1000, 16);
  const hdlr = Buffer.concat([Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13)]);
  const stsd = box('stsd', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), entry);
  const none = Buffer.alloc(8);
  const stbl = box(
    'stbl',
    stsd,
    box('stts', none),
    box('stsc', none),
    box('stsz', Buffer.alloc(12)),
    box('stco', none),
  );
  return box('trak', box('tkhd', tkhd), box('mdia', box('mdhd', mdhd), box('hdlr', hdlr), box('minf', stbl)));
}

function box(type: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length, 0);
  header.write(type, 4);
  return Buffer.concat([header, content]);
}

/** A PNG (1 bit per pixel, all white) that claims and holds `side` times `side` pixels in a few kilobytes. */
export function hugePng(side: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.writeUInt8(1, 8);
  const rows = Buffer.alloc((Math.ceil(side / 8) + 1) * side);
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(typed.length + 8);
    framed.writeUInt32BE(data.length, 0);
    typed.copy(framed, 4);
    framed.writeUInt32BE(crc32(typed), typed.length + 4);
    return framed;
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
