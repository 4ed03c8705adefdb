import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VaultKeeper } from '../../functions/services.ts';
import { open, seal } from '../../functions/store/vault.ts';
import { testServices } from '../support/table.ts';

test('a sealed credential opens for its own account, and for no other', async t => {
  const services = await testServices(t);
  const sealed = await seal(services, 'a1', 'pässword 🔑');
  assert.equal(await open(services, 'a1', sealed), 'pässword 🔑');
  await assert.rejects(open(services, 'a2', sealed), { name: 'StoreError', code: 'sealed' });
});

test('sealing twice gives two texts, and neither shows what it holds', async t => {
  const services = await testServices(t);
  const [one, two] = [
    await seal(services, 'a1', 'correct horse'),
    await seal(services, 'a1', 'correct horse'),
  ];
  assert.notEqual(one, two);
  assert.ok(!one.includes('correct') && !Buffer.from(one, 'base64url').includes('correct'), 'it is sealed');
});

test('a credential that was changed at any place does not open', async t => {
  const services = await testServices(t);
  const parts = (await seal(services, 'a1', 'correct horse')).split('.');
  for (const i of parts.keys()) {
    const damaged = parts.map((part, j) => (i === j ? flipped(part) : part)).join('.');
    await assert.rejects(open(services, 'a1', damaged), { code: 'sealed' }, `part ${i}`);
  }
  await assert.rejects(open(services, 'a1', ''), { code: 'sealed' });
});

test('whoever may not unwrap the key can seal and cannot open', async t => {
  const services = await testServices(t);
  const vaultKeeper: VaultKeeper = {
    generate: services.vaultKeeper.generate,
    unwrap: () => Promise.reject(new Error('AccessDenied')),
  };
  const sealed = await seal({ ...services, vaultKeeper }, 'a1', 'secret');
  await assert.rejects(open({ ...services, vaultKeeper }, 'a1', sealed));
  assert.equal(await open(services, 'a1', sealed), 'secret');
});

/** One character in the middle replaced: at the end it might only touch bits that base64url does not use. */
function flipped(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}
