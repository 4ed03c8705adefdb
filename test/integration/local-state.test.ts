import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readOrMake } from '../../infra/local/durable-file.ts';
import { issuerStore } from '../../infra/local/issuer-store.ts';
import { lockData } from '../../infra/local/lock.ts';
import { readSettings } from '../../infra/local/settings.ts';
import { fileVaultKeeper } from '../../infra/local/vault-file.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-state-'));
});
after(() => rm(folder, { recursive: true }));

describe('settings', () => {
  test('have defaults', () => {
    assert.deepEqual(readSettings({}, '/home/ada'), {
      port: 4180,
      data: '/home/ada/.mailferry',
      password: null,
    });
  });

  test('are taken from the environment', () => {
    const env = { MAILFERRY_PORT: '0', MAILFERRY_DATA: '/var/mail', MAILFERRY_PASSWORD: 'long enough' };
    assert.deepEqual(readSettings(env), { port: 0, data: '/var/mail', password: 'long enough' });
  });

  test('say what is wrong with them', () => {
    for (const port of ['', 'http', '65536', '-1', '4180 ', '1e3']) {
      assert.throws(
        () => readSettings({ MAILFERRY_PORT: port }),
        /MAILFERRY_PORT must be a port number/,
        port,
      );
    }
    assert.throws(() => readSettings({ MAILFERRY_DATA: '' }), /MAILFERRY_DATA must be/);
    const secret = 'short';
    assert.throws(
      () => readSettings({ MAILFERRY_PASSWORD: secret }),
      (error: Error) =>
        /MAILFERRY_PASSWORD must have 8/.test(error.message) && !error.message.includes(secret),
    );
  });
});

describe('the vault key file', () => {
  const context = { user: 'local', account: 'a1' };

  test('gives a P-256 pair whose private key only the same context unwraps', async () => {
    const path = join(folder, 'vault.key');
    const { publicKey, wrappedPrivateKey } = await fileVaultKeeper(path).generate(context);
    const again = await fileVaultKeeper(path).unwrap(wrappedPrivateKey, { account: 'a1', user: 'local' });
    const opened = createPrivateKey({ key: Buffer.from(again), format: 'der', type: 'pkcs8' });
    assert.equal(opened.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    const derived = createPublicKey(opened).export({ format: 'der', type: 'spki' });
    assert.deepEqual(derived, Buffer.from(publicKey));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal(Buffer.from(wrappedPrivateKey).includes(Buffer.from(again)), false);
  });

  test('refuses another context, changed bytes and another key', async () => {
    const keeper = fileVaultKeeper(join(folder, 'vault-2.key'));
    const { wrappedPrivateKey } = await keeper.generate(context);
    await assert.rejects(keeper.unwrap(wrappedPrivateKey, { ...context, account: 'a2' }), { code: 'vault' });
    for (let at = 0; at < wrappedPrivateKey.length; at += 7) {
      const changed = Buffer.from(wrappedPrivateKey);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await assert.rejects(keeper.unwrap(changed, context), { code: 'vault' });
    }
    await assert.rejects(keeper.unwrap(wrappedPrivateKey.subarray(0, 20), context), { code: 'vault' });
    const other = fileVaultKeeper(join(folder, 'vault-3.key'));
    await assert.rejects(other.unwrap(wrappedPrivateKey, context), { code: 'vault' });
  });

  test('is made once, however many ask at the same time', async () => {
    const path = join(folder, 'once');
    let made = 0;
    const make = () => {
      made += 1;
      return `secret ${made}`;
    };
    const all = await Promise.all(Array.from({ length: 8 }, () => readOrMake(path, make)));
    assert.equal(new Set(all).size, 1);
    assert.equal(await readFile(path, 'utf8'), all[0]);
  });
});

describe('the lock on a data folder', () => {
  test('is held by one at a time, and says by whom', async () => {
    const data = join(folder, 'locked');
    const lock = await lockData(data);
    await assert.rejects(lockData(data), (error: Error) => {
      assert.match(error.message, new RegExp(`process ${process.pid}\\b`));
      assert.equal((error as { code?: string }).code, 'data-in-use');
      return true;
    });
    await lock.release();
    await (await lockData(data)).release();
  });

  test('of a process that is gone, or whose id another one has, does not count', async () => {
    const data = join(folder, 'stale');
    await (await lockData(data)).release();
    for (const stale of ['4194301 123 abc\n', `${process.pid} 1 abc\n`, 'nonsense', '']) {
      await writeFile(join(data, 'lock'), stale);
      await (await lockData(data)).release();
    }
  });
});

describe('the store of the issuer', () => {
  test('keeps what was saved, over a new start', async () => {
    const path = join(folder, 'sign-ins.json');
    const tokens = (await issuerStore(path))('RefreshToken');
    await Promise.all(
      ['t1', 't2', 't3'].map((id, index) => tokens.upsert(id, { grantId: index < 2 ? 'g1' : 'g2' }, 60)),
    );
    await tokens.consume('t1');
    const later = (await issuerStore(path))('RefreshToken');
    assert.equal(typeof (await later.find('t1'))?.consumed, 'number');
    assert.deepEqual(await later.find('t2'), { grantId: 'g1' });
    await later.revokeByGrantId('g1');
    const last = (await issuerStore(path))('RefreshToken');
    assert.equal(await last.find('t1'), undefined);
    assert.equal(await last.find('t2'), undefined);
    assert.deepEqual(await last.find('t3'), { grantId: 'g2' });
    assert.equal(await (await issuerStore(path))('Session').find('t3'), undefined);
  });

  test('forgets what has expired, and starts empty from a file that is not its own', async () => {
    const path = join(folder, 'sign-ins-2.json');
    await writeFile(path, JSON.stringify({ 'Grant:old': { payload: {}, expires: Date.now() - 1 } }));
    assert.equal(await (await issuerStore(path))('Grant').find('old'), undefined);
    await writeFile(path, '{"half');
    const store = (await issuerStore(path))('Grant');
    await store.upsert('new', {}, 60);
    assert.deepEqual(await (await issuerStore(path))('Grant').find('new'), {});
  });
});
