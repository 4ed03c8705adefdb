import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MailServer } from '../../infra/local/mail-server.ts';

/**
 * Notes where Dovecot's log ends now; the function it gives tells how many octets the connections that ended since
 * then have carried, both ways, as Dovecot counts them when a client leaves (IMAP `in=… out=…`, POP `retr=n/octets`).
 * Null when no connection ended.
 */
export function wireBytes({ logFile }: MailServer): () => Promise<number | null> {
  const before = readFileSync(logFile, 'utf8').length;
  return async () => {
    for (let tries = 0; tries < 20; tries++) {
      const ended = [
        ...readFileSync(logFile, 'utf8')
          .slice(before)
          .matchAll(/Disconnected:.*/g),
      ];
      if (ended.length > 0) return ended.reduce((sum, [line]) => sum + octetsOf(line), 0);
      await sleep(50);
    }
    return null;
  };
}

function octetsOf(line: string): number {
  const number = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? 0);
  return number(/\bin=(\d+)/) + number(/\bout=(\d+)/) + number(/\bretr=\d+\/(\d+)/);
}
