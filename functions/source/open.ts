import { openImap } from './imap.ts';
import { openPop3 } from './pop3.ts';
import type { MailSource, SourceSettings } from './source.ts';

/** Opens a source by the protocol it speaks: connected, secured and signed in. Throws SourceError. */
export function openSource(settings: SourceSettings): Promise<MailSource> {
  return settings.protocol === 'imap' ? openImap(settings) : openPop3(settings);
}
