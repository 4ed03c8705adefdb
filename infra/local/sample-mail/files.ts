import { createCipheriv } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { SampleFile } from './message.ts';

/** Bytes that look random and are the same every time (AES in counter mode under a fixed key). */
export function noise(length: number, seed: number): Buffer {
  const key = Buffer.alloc(16, seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** A one-page PDF with a heading and lines of Helvetica; ASCII only. */
export function pdf(name: string, heading: string, lines: readonly string[]): SampleFile {
  const literal = (text: string) => text.replace(/[\\()]/g, '\\$&');
  const rows = lines.map(line => `(${literal(line)}) Tj T*`).join('\n');
  const content = `BT /F1 20 Tf 60 770 Td (${literal(heading)}) Tj ET\nBT /F1 11 Tf 16 TL 60 735 Td\n${rows}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return { name, type: 'application/pdf', bytes: Buffer.from(text + table + trailer, 'latin1') };
}

/** The colour of one pixel, red, green and blue from 0 to 255; x and y run from 0 to 1. */
export type Painter = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** A PNG of 8-bit RGB pixels, made by hand. */
export function png(name: string, width: number, height: number, paint: Painter, cid?: string): SampleFile {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      const colour = paint(x / width, y / height);
      for (const [channel, value] of colour.entries()) rows[at + channel] = Math.max(0, Math.min(255, value));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const chunks = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ];
  return { name, type: 'image/png', bytes: Buffer.concat([signature, ...chunks]), ...(cid ? { cid } : {}) };
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  return chunk;
}

/** A sunset over water with a sail, for photographs. `hue` moves the colours, `sail` the boat (0 to 1). */
export function seascape(hue: number, sail: number): Painter {
  return (x, y) => {
    const horizon = 0.62;
    const sun = Math.hypot((x - 0.68) * 1.6, y - 0.48);
    const mast = Math.abs(x - sail);
    if (y > 0.3 && y < 0.66 && x < sail && mast < (y - 0.3) * 0.38) return [250, 246, 236];
    if (y > 0.36 && y < 0.66 && x >= sail && mast < (y - 0.36) * 0.24) return [232, 222, 205];
    if (y >= 0.67 && y < 0.73 && mast < 0.16 - (y - 0.67) * 0.8) return [92, 48, 40];
    if (y > horizon) {
      const wave = Math.sin(y * 190 + Math.sin(x * 14) * 3) * 9;
      const glow = Math.max(0, 1 - Math.abs(x - 0.68) * 5) * 90;
      return [24 + glow + wave, 74 + glow * 0.6 + wave, 112 + wave - hue * 20];
    }
    if (sun < 0.11) return [255, 236, 186];
    const warm = y / horizon;
    return [90 + warm * 150, 110 + warm * 60 - hue * 40, 170 - warm * 60 + hue * 40];
  };
}

/** A ZIP archive of one stored file (APPNOTE.TXT sections 4.3.7 and 4.3.12). */
export function zip(name: string, inner: string, content: Buffer): SampleFile {
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  // 1 January 2026, the date of every file in it.
  shared.writeUInt16LE(0x5c21, 8);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(content.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(inner.length, 22);
  const path = Buffer.from(inner, 'ascii');
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, path, content]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, Buffer.alloc(14), path]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return { name, type: 'application/zip', bytes: Buffer.concat([local, central, end]) };
}

/** A CSV file in UTF-8. */
export function csv(name: string, rows: readonly (readonly (string | number)[])[]): SampleFile {
  return { name, type: 'text/csv', bytes: Buffer.from(rows.map(row => `${row.join(';')}\r\n`).join('')) };
}

/** An iCalendar event (RFC 5545) of `hours` length; a REQUEST is an invitation (RFC 5546). */
export function calendarEvent(
  method: 'PUBLISH' | 'REQUEST',
  uid: string,
  start: Date,
  hours: number,
  summary: string,
  location: string,
): string {
  const stamp = (date: Date) => date.toISOString().replace(/[-:]|\.\d+/g, '');
  const end = new Date(start.getTime() + hours * 3_600_000);
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Calendar//EN', `METHOD:${method}`];
  lines.push('BEGIN:VEVENT', `UID:${uid}@example.org`, `DTSTAMP:${stamp(start)}`, `DTSTART:${stamp(start)}`);
  lines.push(`DTEND:${stamp(end)}`, `SUMMARY:${summary}`, `LOCATION:${location}`);
  lines.push(
    'ORGANIZER;CN=Jonas Berg:mailto:jonas@example.org',
    'ATTENDEE;RSVP=TRUE:mailto:mara@example.com',
  );
  return [...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
}
