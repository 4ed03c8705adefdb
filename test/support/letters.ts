/** A small message whose subject is also its Message-ID; `replyTo` names the subject that it answers. */
export function letter(subject: string, replyTo?: string): Buffer {
  const lines = [
    'Received: from relay.example by mail.example; Tue, 14 Jul 2026 10:00:00 +0000',
    'From: Ada <ada@example.org>',
    `Message-ID: <${subject}@example.org>`,
    ...(replyTo ? [`In-Reply-To: <${replyTo}@example.org>`] : []),
    'Date: Tue, 14 Jul 2026 10:00:00 +0000',
    `Subject: ${subject}`,
    '',
    `This is ${subject}.`,
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

/** A message of hardly more than its subject, which is also its Message-ID. */
export const shortLetter = (subject: string, body = subject): Buffer =>
  Buffer.from(
    `From: a@example.org\r\nMessage-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\n${body}\r\n`,
  );
