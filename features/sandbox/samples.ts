import sharp from 'sharp';

export interface SampleFile {
  bytes: Uint8Array<ArrayBuffer>;
  mimeType: string;
  fileName: string;
}

/** A picture as a customer would send one: drawn here, so nothing is shipped or downloaded. */
export async function samplePhoto(): Promise<SampleFile> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="720">
    <rect width="960" height="720" fill="#e9e2d8"/><rect y="520" width="960" height="200" fill="#cbb79c"/>
    <ellipse cx="480" cy="560" rx="150" ry="22" fill="#a48e72"/><rect x="470" y="250" width="20" height="300" fill="#3d3a36"/>
    <path d="M330 250 L410 90 L550 90 L630 250 Z" fill="#f4c76b"/><path d="M330 250 L410 90 L440 90 L380 250 Z" fill="#fff" opacity="0.35"/>
    <path d="M560 100 l18 60 -26 20 22 68" stroke="#3d3a36" stroke-width="5" fill="none"/></svg>`;
  const bytes = await sharp(Buffer.from(svg)).jpeg({ quality: 82 }).toBuffer();
  return { bytes: new Uint8Array(bytes), mimeType: 'image/jpeg', fileName: 'lamp.jpg' };
}

/** A one-page PDF (PDF 1.4, one font that every reader has). */
export function sampleDocument(): SampleFile {
  const text = 'BT /F1 24 Tf 72 760 Td (Order 48213) Tj 0 -40 Td /F1 14 Tf (Aurora floor lamp, brass, 1 piece) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  body += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return {
    bytes: new Uint8Array(Buffer.from(body, 'latin1')),
    mimeType: 'application/pdf',
    fileName: 'order-48213.pdf',
  };
}
