import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type MailServer, type MailServerUser, startMailServer } from '../../infra/local/mail-server.ts';

/** The login that a test's mail server has unless it asks for others. */
export const TEST_USER: MailServerUser = { name: 'mara', password: 'correct horse' };

/** A real Dovecot on free loopback ports in a temporary folder; both are gone when the test or suite ends. */
export async function testMailServer(
  t: Pick<TestContext, 'after'>,
  options: {
    users?: readonly MailServerUser[];
    tls?: boolean;
    names?: readonly string[];
    tokenInfo?: string;
  } = {},
): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailferry-mail-'));
  let server: MailServer | null = null;
  t.after(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const { users = [TEST_USER], ...more } = options;
  server = await startMailServer({ folder, users, ...more });
  return server;
}
