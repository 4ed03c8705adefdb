import type { Session } from '../../../functions/jmap/types.ts';
import { type Call, caller, fetchSession } from '../jmap/client.ts';
import { bearerToken } from '../session/tokens.ts';
import { readBlob } from './blobs.ts';
import type { KeepBlob } from './bodies.ts';
import { readSetting, writeSetting } from './settings.ts';

/** The server as it is known here: its JMAP session, from the device or else from the network. */
export async function knownSession(): Promise<Session> {
  return (await readSetting('session')) ?? renewSession();
}

/** Reads the session resource again. */
export async function renewSession(): Promise<Session> {
  const session = await fetchSession(bearerToken);
  await writeSetting('session', session);
  return session;
}

/** Sends method calls to the API of the session. */
export const call: Call = async (methodCalls, options) => {
  const { apiUrl } = await knownSession();
  return caller(apiUrl, bearerToken)(methodCalls, options);
};

/** Fetches a part onto this device and answers its size in octets. */
export const keepBlob: KeepBlob = async (accountId, part) => {
  const blob = await readBlob(await knownSession(), bearerToken, accountId, part);
  return blob.size;
};
