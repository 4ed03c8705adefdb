import assert from 'node:assert/strict';
import { createECDH } from 'node:crypto';
import { test } from 'node:test';
import { arePushKeys, encryptPush, MAX_PLAIN_TEXT } from '../../functions/push/encrypt.ts';
import { decryptPush } from '../support/push-service.ts';

/** RFC 8291 section 5 and appendix A. */
const example = {
  plain: 'When I grow up, I want to be a watermelon',
  sender: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  receiver: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  message:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

const keyOf = (privateKey: string) => {
  const key = createECDH('prime256v1');
  key.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return key;
};

test('the example of RFC 8291 comes out octet for octet', () => {
  const { p256dh, auth, salt } = example;
  const fixed = { salt: Buffer.from(salt, 'base64url'), own: keyOf(example.sender) };
  const message = encryptPush(Buffer.from(example.plain), { p256dh, auth }, fixed);
  assert.equal(message.toString('base64url'), example.message);
});

test('what is encrypted is read by its receiver alone, up to the size that every push service takes', () => {
  const receiver = keyOf(example.receiver);
  const plain = Buffer.alloc(MAX_PLAIN_TEXT, 'x');
  const message = encryptPush(plain, example);
  assert.equal(message.length, 4096);
  assert.equal(decryptPush(message, receiver, example.auth).length, MAX_PLAIN_TEXT);
  const other = createECDH('prime256v1');
  other.generateKeys();
  assert.throws(() => decryptPush(message, other, example.auth));
  assert.throws(() => encryptPush(Buffer.alloc(MAX_PLAIN_TEXT + 1), example), RangeError);
});

test('keys that are no point, no secret or no base64 are known before they are used', () => {
  const { p256dh, auth } = example;
  assert.equal(arePushKeys({ p256dh, auth }), true);
  assert.equal(arePushKeys({ p256dh: `${p256dh}=`, auth: `${auth}==` }), true, 'with padding');
  const offCurve = Buffer.from(p256dh, 'base64url');
  offCurve[64] = (offCurve[64] ?? 0) ^ 1;
  assert.equal(arePushKeys({ p256dh: offCurve.toString('base64url'), auth }), false);
  assert.equal(arePushKeys({ p256dh: p256dh.slice(0, -4), auth }), false);
  assert.equal(arePushKeys({ p256dh, auth: 'AAAA' }), false);
  assert.equal(arePushKeys({ p256dh, auth: 'not base64!!!!!!!!!!!!' }), false);
});
