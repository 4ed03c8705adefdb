import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pushUrl } from '../../functions/push/address.ts';
import { SourceError } from '../../functions/source/errors.ts';
import { resolveHost } from '../../functions/source/guard.ts';
import {
  closedIpv4,
  closedIpv6,
  disguises,
  dotted,
  ipv6Forms,
  numerals,
  openIpv6,
  zones,
} from '../support/spellings.ts';
import { runs } from '../support/thorough.ts';

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

/** The host is refused by what it is: a resolver that would find a public address for it is never asked. */
async function refusedUnasked(host: string): Promise<void> {
  const { lookup, asked } = answering('9.9.9.9');
  assert.notEqual(await codeOf(resolveHost(host, [], { lookup })), 'reached', host);
  assert.deepEqual(asked, [], host);
}

/** The same for what a URL makes of it, which is how push services, token endpoints and redirects are named. */
async function refusedInUrl(host: string): Promise<void> {
  const text = `https://${host}/x`;
  if (URL.canParse(text)) await refusedUnasked(new URL(text).hostname);
  const push = pushUrl(text, []);
  if (push) await refusedUnasked(push.hostname.replace(/^\[(.*)\]$/, '$1'));
}

const notPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.5',
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
  '200::1',
  '4000::1',
  '::1:0:0:0',
  '64:ff9b:0:1::1',
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

  it('refuses every spelling of a closed IPv4 address without asking a resolver', async () => {
    const spelling = closedIpv4.chain(octets => fc.oneof(fc.constant(dotted(octets)), numerals(octets)));
    await fc.assert(
      fc.asyncProperty(spelling.chain(disguises), async host => {
        await refusedUnasked(host);
        await refusedInUrl(host);
      }),
      { numRuns: runs(600) },
    );
  });

  it('refuses every spelling of a closed IPv6 address without asking a resolver', async () => {
    const spelling = closedIpv6.chain(ipv6Forms);
    await fc.assert(
      fc.asyncProperty(spelling, zones, async (address, zone) => {
        for (const host of [
          address,
          `[${address}]`,
          `${address}${zone}`,
          `[${address}${zone}]`,
          `${address}.`,
        ]) {
          await refusedUnasked(host);
        }
        await refusedInUrl(`[${address}]`);
      }),
      { numRuns: runs(600) },
    );
    await fc.assert(fc.asyncProperty(spelling.chain(disguises), refusedUnasked), { numRuns: runs(200) });
  });

  it('reaches an open IPv6 address in every form, but none with a zone', async () => {
    await fc.assert(
      fc.asyncProperty(openIpv6.chain(ipv6Forms), zones, async (address, zone) => {
        assert.equal((await resolveHost(`[${address}]`, [])).address, address.toLowerCase());
        await refusedUnasked(`${address}${zone}`);
      }),
      { numRuns: runs(100) },
    );
  });

  it('connects to none of the closed addresses among those of a name, in whatever order and form they come', async () => {
    const closed = fc.oneof(closedIpv4.map(dotted), closedIpv4.chain(numerals), closedIpv6.chain(ipv6Forms));
    const answers = fc
      .tuple(fc.array(closed, { minLength: 1, maxLength: 4 }), fc.subarray(['9.9.9.9', '2620:fe::fe']))
      .chain(([bad, good]) =>
        fc.shuffledSubarray([...bad, ...good], { minLength: bad.length + good.length }),
      );
    await fc.assert(
      fc.asyncProperty(answers, async addresses => {
        const open: string[] = addresses.filter(
          address => address === '9.9.9.9' || address === '2620:fe::fe',
        );
        const { lookup } = answering(...addresses);
        const reached = resolveHost('mail.example.com', [], { lookup });
        if (open.length === 0) return void (await assert.rejects(reached, { code: 'forbidden-host' }));
        assert.ok(open.includes((await reached).address), 'an open one');
      }),
      { numRuns: runs(200) },
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
