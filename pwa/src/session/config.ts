import { AppError } from '../errors.ts';
import { Unreachable } from '../jmap/errors.ts';
import { type Config, readSetting, writeSetting } from '../mailbox/settings.ts';

/**
 * Where to sign in, from `/config.json`; without a network, as it was last.
 * @throws Unreachable when it was never read and cannot be now; AppError `config` when it is not usable
 */
export async function loadConfig(): Promise<Config> {
  try {
    const response = await fetch('/config.json', { signal: AbortSignal.timeout(10_000), cache: 'no-cache' });
    if (!response.ok) throw new Unreachable(`HTTP ${response.status}`);
    const config = checked(await response.json());
    await writeSetting('config', config);
    return config;
  } catch (error) {
    const last = await readSetting('config');
    if (last) return last;
    throw error instanceof AppError ? error : new Unreachable(error);
  }
}

function checked(value: unknown): Config {
  const { issuer, clientId, scope, resource } = (value ?? {}) as Record<string, unknown>;
  if (
    typeof issuer !== 'string' ||
    !URL.canParse(issuer) ||
    typeof clientId !== 'string' ||
    typeof scope !== 'string'
  ) {
    throw new AppError('config', 'The server does not say where to sign in.');
  }
  return { issuer, clientId, scope, ...(typeof resource === 'string' ? { resource } : {}) };
}
