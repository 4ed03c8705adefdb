import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SourceError } from '../../functions/source/errors.ts';
import { resolveHost } from '../../functions/source/guard.ts';

/** A resolver that knows these addresses for any name, and counts how often it is asked. */
function answering(...addresses: string[]) {
  const asked: string[] = [];
  const lookup = async (host: string): Promise<LookupAddress[]> => {
    asked.push(host);
    return addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { lookup, asked };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'reached';
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error));
    return error.code;
  }
}

const notPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:169.254.169.254',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '::ffff:0:127.0.0.1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '2606:4700::1111%eth0',
  'fec0::1',
  'ff02::1',
];

const isPublic = ['1.1.1.1', '9.9.9.9', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '64:ff9b::9.9.9.9'];

describe('the host guard', () => {
  it('refuses every address that is not public, as a literal and behind a name', async () => {
    for (const address of notPublic) {
      assert.equal(await codeOf(resolveHost(address, [])), 'forbidden-host', address);
      assert.equal(await codeOf(resolveHost(`[${address}]`, [])), 'forbidden-host', `[${address}]`);
      const { lookup } = answering(address);
      assert.equal(await codeOf(resolveHost('mail.example.com', [], { lookup })), 'forbidden-host', address);
    }
  });

  it('lets public addresses through', async () => {
    for (const address of isPublic) {
      const target = await resolveHost(address, []);
      assert.deepEqual(target, { address, family: address.includes(':') ? 6 : 4, servername: '' });
    }
  });

  it('never hands out a private IPv4 address, however it is embedded in IPv6', async () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateIpv4 = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    );
    const hex = (high: number, low: number) => (high * 256 + low).toString(16);
    await fc.assert(
      fc.asyncProperty(privateIpv4, async ([a, b, c, d]) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const groups = `${hex(a, b)}:${hex(c, d)}`;
        for (const address of [
          dotted,
          `::${dotted}`,
          `::ffff:${dotted}`,
          `::ffff:${groups}`,
          `::ffff:0:${groups}`,
          `64:ff9b::${groups}`,
          `2002:${groups}::1`,
        ]) {
          assert.equal(await codeOf(resolveHost(address, [])), 'forbidden-host', address);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuses other spellings of an address without asking the resolver', async () => {
    for (const host of ['2130706433', '0x7f.1', '0x7f000001', '0177.0.0.1', '127.1', '127.0.0.1.', '1.2.3']) {
      const { lookup, asked } = answering('127.0.0.1');
      const code = await codeOf(resolveHost(host, [], { lookup }));
      assert.notEqual(code, 'reached', host);
      assert.deepEqual(asked, [], host);
    }
  });

  it('refuses what is no host name with a clear sentence', async () => {
    for (const host of [
      '',
      ' ',
      'a b',
      'mail.example.com:110',
      'http://mail.example.com',
      'a..b',
      'a\r\nb',
      'x@y',
      `${'a'.repeat(64)}.com`,
      '-a.com',
      'a\0b',
    ]) {
      const { lookup, asked } = answering('1.1.1.1');
      await assert.rejects(resolveHost(host, 'all', { lookup }), {
        code: 'unknown-host',
        message: /is not a server name\. Enter a name such as mail\.example\.com\.$/,
      });
      assert.deepEqual(asked, [], host);
    }
  });

  it('looks a name up once and hands out an address that was checked', async () => {
    const { lookup, asked } = answering('10.0.0.1', '2606:4700::1111', '1.1.1.1', '192.168.0.1');
    const target = await resolveHost(' Mail.Example.COM. ', [], { lookup });
    assert.deepEqual(target, { address: '1.1.1.1', family: 4, servername: 'mail.example.com' });
    assert.deepEqual(asked, ['mail.example.com']);
  });

  it('understands internationalised names', async () => {
    const { lookup } = answering('1.1.1.1');
    const target = await resolveHost('mail.Bücher.example', [], { lookup });
    assert.equal(target.servername, 'mail.xn--bcher-kva.example');
    assert.equal(await codeOf(resolveHost('①②⑦.0.0.1', [])), 'forbidden-host');
  });

  it('lets through what was allowed by name or by address, and nothing else', async () => {
    const { lookup } = answering('10.0.0.1');
    const reach = (host: string, allow: 'all' | string[]) => codeOf(resolveHost(host, allow, { lookup }));
    assert.equal(await reach('mail.lan', ['Mail.LAN']), 'reached');
    assert.equal(await reach('mail.lan', ['10.0.0.1']), 'reached');
    assert.equal(await reach('mail.lan', 'all'), 'reached');
    assert.equal(await reach('127.0.0.1', 'all'), 'reached');
    assert.equal(await reach('[::1]', ['::1']), 'reached');
    assert.equal(await reach('mail.lan', ['other.lan', '10.0.0.2']), 'forbidden-host');
  });

  it('says that a name does not exist, or that nobody could say', async () => {
    const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
    await assert.rejects(resolveHost('mail.exmaple.com', [], { lookup: failing('ENOTFOUND') }), {
      name: 'SourceError',
      code: 'unknown-host',
      message: 'The server name mail.exmaple.com does not exist. Check its spelling.',
    });
    await assert.rejects(resolveHost('nobody.invalid', []), {
      code: 'unknown-host',
      message: /does not exist/,
    });
    await assert.rejects(resolveHost('mail.example.com', [], { lookup: async () => [] }), {
      code: 'unknown-host',
    });
    await assert.rejects(resolveHost('mail.example.com', [], { lookup: failing('EAI_AGAIN') }), {
      code: 'unknown-host',
      message: /could not be looked up/,
    });
  });

  it('does not wait for ever for a name server', async () => {
    const lookup = () => new Promise<LookupAddress[]>(() => {});
    await assert.rejects(resolveHost('mail.example.com', [], { lookup, timeout: 20 }), { code: 'timeout' });
  });
});
