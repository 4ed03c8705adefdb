import { deliver, doveadm, type MailServer } from '../../infra/local/mail-server.ts';

/** Mail for benchmarks: always the same for the same numbers, and of sizes like those of a real mailbox. */

/** A message of about `bytes` octets: text, an HTML twin, and above 8 kB an attachment in base64. */
export function benchMessage(index: number, bytes: number): Buffer {
  const boundary = `part-${index}`;
  const date = new Date(Date.UTC(2024, 0, 1) + index * 600_000).toUTCString().replace('GMT', '+0000');
  const reply =
    index % 4 === 0
      ? ''
      : `In-Reply-To: <${index - 1}@bench.example>\r\nReferences: <${index - (index % 4)}@bench.example>\r\n`;
  const text = `Hello Mara,\r\n\r\n${'The tide turns at six, and the ferry leaves with it.\r\n'.repeat(8)}`;
  const head =
    `Received: from relay.example by mail.example with ESMTP id ${index};\r\n\t${date}\r\n` +
    `From: "Skipper ${index % 97}" <skipper${index % 97}@harbour.example>\r\nTo: mara@example.org\r\n` +
    `Subject: Crossing ${index}\r\nDate: ${date}\r\nMessage-ID: <${index}@bench.example>\r\n${reply}` +
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n` +
    `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n` +
    `--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>${text.replaceAll('\r\n', '<br>\r\n')}</p>\r\n`;
  const left = bytes - head.length - 200;
  const attachment =
    left < 200
      ? ''
      : `--${boundary}\r\nContent-Type: application/octet-stream; name="chart.bin"\r\n` +
        `Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="chart.bin"\r\n\r\n` +
        base64Lines(index, left);
  return Buffer.from(`${head}${attachment}--${boundary}--\r\n`);
}

/** Sizes with the given mean: many small ones, few of a megabyte. The same for the same index. */
export function benchSize(index: number, mean: number): number {
  const random = ((index * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
  // -ln of a uniform number is exponential with mean 1.
  return Math.max(1_200, Math.round(-Math.log(1 - random * 0.999999) * mean));
}

/** Delivers messages `from` to `to` (exclusive) into a mailbox. Gives the octets. */
export async function fill(
  server: MailServer,
  user: string,
  { from = 0, to, mean }: { from?: number; to: number; mean: number },
): Promise<number> {
  let bytes = 0;
  for (let index = from; index < to; index++) {
    const raw = benchMessage(index, benchSize(index, mean));
    bytes += raw.length;
    await deliver(server, user, 'INBOX', raw, [], new Date(Date.UTC(2024, 0, 1) + index * 600_000));
  }
  // Dovecot indexes what is new before anybody is measured.
  await doveadm(server, ['index', '-u', user, 'INBOX']);
  return bytes;
}

const LINE = 76;

function base64Lines(seed: number, bytes: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const shift = seed % alphabet.length;
  const line = `${(alphabet.slice(shift) + alphabet.slice(0, shift)).repeat(2).slice(0, LINE)}\r\n`;
  return line.repeat(Math.max(1, Math.floor(bytes / line.length)));
}
