import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import PostalMime from 'postal-mime';
import { emailBody } from '../../functions/mime/body.ts';
import { decodePart } from '../../functions/mime/decode.ts';
import { summarize } from '../../functions/mime/parse.ts';
import { leaves, parseStructure } from '../../functions/mime/structure.ts';

/** A folder of folders of .eml files from elsewhere; the test is skipped where there is none. */
const CORPUS = process.env.MAILFERRY_CORPUS ?? '../shared/corpus';

/**
 * Where our reading and postal-mime's differ on purpose. postal-mime opens an attached message that is not
 * marked as attachment and takes its text, HTML and attachments for those of the outer one; RFC 8621 has it as
 * one attachment.
 */
const DIFFERENCES: Record<string, string> = {
  'decoderended.eml': 'an attached message that is empty is an attachment',
  'multipart-digest.eml': 'the messages of a digest are attachments',
  'disposition-notification.eml': 'an attached message is an attachment',
  'rfc2060.eml': 'attached messages are attachments; a picture without disposition is body',
  'simple-embedded-message.eml': 'an attached message is an attachment',
  'missing-subtype.eml': '"application-x-gzip" is no type, and named octets are an attachment for both',
  'multipart-related-mhtml.eml': 'a picture without disposition in a related is an attachment for both',
};

interface Reading {
  subject: string | null;
  from: string | null;
  hasText: boolean;
  hasHtml: boolean;
  attachments: number;
}

async function theirs(raw: Buffer): Promise<Reading> {
  const email = await PostalMime.parse(raw);
  return {
    subject: email.subject ?? null,
    from: email.from?.address ?? null,
    hasText: Boolean(email.text?.trim()),
    hasHtml: Boolean(email.html?.trim()),
    attachments: email.attachments.length,
  };
}

function ours(raw: Buffer): Reading {
  const { sha256, subject, from } = summarize(raw);
  const properties = ['textBody', 'htmlBody', 'attachments'];
  const { textBody = [], htmlBody = [], attachments = [] } = emailBody(raw, { sha256, properties });
  const shows = (parts: typeof textBody, type: string) =>
    parts.some(p => p.type === type && (p.size ?? 0) > 2);
  return {
    subject: subject?.trim() ?? null,
    from: from?.[0]?.email ?? null,
    hasText: shows(textBody, 'text/plain'),
    hasHtml: shows(htmlBody, 'text/html'),
    attachments: attachments.length,
  };
}

const files = !existsSync(CORPUS)
  ? []
  : readdirSync(CORPUS, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .flatMap(entry => readdirSync(join(CORPUS, entry.name)).map(name => join(CORPUS, entry.name, name)))
      .filter(path => path.endsWith('.eml'));

test('messages from elsewhere read as postal-mime reads them', { skip: files.length === 0 }, async t => {
  for (const path of files) {
    const name = path.split('/').at(-1) ?? '';
    await t.test(name, async () => {
      const raw = readFileSync(path);
      const [mine, other] = [ours(raw), await theirs(raw)];
      if (DIFFERENCES[name]) assert.deepEqual([mine.subject, mine.from], [other.subject, other.from]);
      else assert.deepEqual(mine, other);
      for (const part of leaves(parseStructure(raw))) assert.ok(decodePart(raw, part).length <= raw.length);
    });
  }
});
