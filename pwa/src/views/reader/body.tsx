import { useCallback, useState } from 'preact/hooks';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { calendarParts } from '../../mailbox/files.ts';
import { words } from '../../words/words.ts';
import { Attachments, attachmentsOf } from './attachments.tsx';
import { useAuthentication } from './authentication-mark.tsx';
import { htmlOf, textOf } from './content.ts';
import { HtmlBody } from './html-body.tsx';
import { Invitation } from './invitation.tsx';
import { LinkSheet } from './link-sheet.tsx';
import { inspectLink, type LinkInfo } from './links.ts';
import { PlainText } from './plain-text.tsx';

interface Props {
  email: StoredEmail;
  body: StoredBody;
  /** senders whose pictures on the internet are always shown */
  pictureSenders: readonly string[];
  onShown: () => void;
}

/** The body of a message: HTML in its frame or plain text, then attachments. */
export function Body({ email, body, pictureSenders, onShown }: Props) {
  const [link, setLink] = useState<LinkInfo | null>(null);
  const onLink = useCallback((href: string, text: string) => setLink(inspectLink(href, text)), []);
  const html = htmlOf(body);
  const values = Object.values(body.bodyValues);
  const authentication = useAuthentication(email, body);
  // Who may be somebody else does not get what was allowed to a sender.
  const forged = authentication?.sender === 'failed';
  const sender = forged ? null : email.from[0]?.email.toLowerCase() || null;
  const always = sender !== null && pictureSenders.includes(sender);
  const [calendar] = calendarParts(body);
  return (
    <>
      {values.some(value => value.isTruncated) && <p class="note">{words.reader.truncated}</p>}
      {values.some(value => value.isEncodingProblem) && <p class="note">{words.reader.encoding}</p>}
      {calendar && <Invitation email={email} part={calendar} />}
      {html !== null && <HtmlBody {...{ html, body, sender, always, onShown, onLink }} />}
      {html === null && <PlainText text={textOf(body)} onShown={onShown} onLink={onLink} />}
      <Attachments email={body} parts={attachmentsOf(body)} />
      {link && <LinkSheet link={link} onClose={() => setLink(null)} />}
    </>
  );
}
