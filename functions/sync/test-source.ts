import { MailferryError } from '../errors.ts';
import type { MailAccountTest, Sentence } from '../jmap/types.ts';
import { inEnglish, saidOtherwise, say, sentenceOf } from '../sentences/say.ts';
import type { Services, SourceTestRequest } from '../services.ts';
import { isForNow } from '../source/errors.ts';
import { providerName } from '../source/oauth-client.ts';
import type { MailSource } from '../source/source.ts';
import { openInTurn } from './connections.ts';
import { sourceSettings } from './settings.ts';

const spoken = (messageSentences: Sentence[]): Pick<MailAccountTest, 'message' | 'messageSentences'> => ({
  message: inEnglish(messageSentences),
  messageSentences,
});

/** A person waits for the answer: whatever the server does, they get one within this time. */
const TEST_TIMEOUT_MS = 18_000;

/** A test reads the newest message, unless it is larger than this many octets. */
const LARGEST_SAMPLE = 1_000_000;

/**
 * Connects, signs in, looks, and reads the newest message; a sentence either way. Never throws for what a mail server
 * does.
 */
export async function testSource(services: Services, request: SourceTestRequest): Promise<MailAccountTest> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MailAccountTest>(resolve => {
    timer = setTimeout(() => resolve(tooLate(request)), TEST_TIMEOUT_MS);
  });
  try {
    return await Promise.race([attempt(services, request), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function attempt(services: Services, request: SourceTestRequest): Promise<MailAccountTest> {
  let isUsedUp = false;
  const answer = await tryOut(services, request, () => {
    isUsedUp = true;
  });
  if (!isUsedUp) return answer;
  const name = providerName(request.oauthProvider ?? '');
  const sentences = [...answer.messageSentences, say('test/token-used', { provider: name })];
  return { ...answer, ...spoken(sentences) };
}

async function tryOut(
  services: Services,
  request: SourceTestRequest,
  onUnsaved: () => void,
): Promise<MailAccountTest> {
  let source: MailSource | null = null;
  try {
    source = await openInTurn(await sourceSettings(services, request.accountId, request, onUnsaved), 'test');
    const found = await source.report();
    await readNewest(source);
    const sentences = [say('test/ok/found', { count: found.messages })];
    if (found.messages > 1 && found.mailboxes > 1) {
      sentences.push(say('test/ok/mailboxes', { count: found.mailboxes }));
    }
    return { ok: true, code: null, ...spoken(sentences), found };
  } catch (error) {
    if (!(error instanceof MailferryError)) throw error;
    return { ok: false, code: error.code, ...spoken([sentenceOf(error)]), found: null };
  } finally {
    void source?.close(true);
  }
}

/** A server may let us in and list mail, and still not hand it out: only a message that came shows that it does. */
async function readNewest(source: MailSource): Promise<void> {
  const newest = await source.newest();
  if (newest === null || (newest.size ?? 0) > LARGEST_SAMPLE) return;
  for await (const message of source.fetch('INBOX', [newest])) {
    if ('error' in message && !isForNow(message.error.code)) throw message.error;
  }
}

function tooLate({ host, port }: SourceTestRequest): MailAccountTest {
  const text = `${host} (port ${port}) is too slow: it did not finish signing in within 18 seconds. Try again later.`;
  return { ok: false, code: 'timeout', ...spoken([saidOtherwise('timeout', text)]), found: null };
}
