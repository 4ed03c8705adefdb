import type { Services, SourceTestRequest } from '../services.ts';
import type { SourceSettings } from '../source/source.ts';
import { open } from '../store/vault.ts';

/** Longest wait for one answer of a mail server: a person who asks gets a sentence within 20 seconds. */
const ANSWER_TIMEOUT_MS = 15_000;

type Login = Pick<
  SourceTestRequest,
  'protocol' | 'host' | 'port' | 'security' | 'username' | 'sealedPassword'
>;

/** What opens a source, with the credential opened. Throws StoreError `sealed` when that fails. */
export async function sourceSettings(
  services: Services,
  accountId: string,
  login: Login,
): Promise<SourceSettings> {
  const { protocol, host, port, security, username, sealedPassword } = login;
  return {
    protocol,
    host,
    port,
    security,
    username,
    password: await open(services, accountId, sealedPassword),
    allowPrivateHosts: services.allowPrivateHosts,
    timeout: ANSWER_TIMEOUT_MS,
  };
}
