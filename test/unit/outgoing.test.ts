import assert from 'node:assert/strict';
import { promises as dns, type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { deliver } from '../../functions/push/deliver.ts';
import { discover } from '../../functions/source/discover.ts';
import { refreshAccessToken } from '../../functions/source/oauth.ts';
import { openSource } from '../../functions/source/open.ts';
import type { Security } from '../../functions/source/source.ts';
import { fakeResolver } from '../support/discover.ts';

type Allowed = readonly string[];
type Way = (host: string, port: number, allowPrivateHosts: Allowed) => Promise<unknown>;

/** Every way in which a function of ours connects to a host that a person, a domain or a provider has named. */
const ways: Record<string, Way> = {
  'IMAP in TLS': source('imap', 'tls'),
  'IMAP with STARTTLS': source('imap', 'starttls'),
  'POP in TLS': source('pop', 'tls'),
  'POP without encryption': source('pop', 'none'),
  'a token endpoint': (host, port, allowPrivateHosts) =>
    refreshAccessToken({
      ...{ provider: 'google', refreshToken: 'r', allowPrivateHosts, timeout: 2_000 },
      client: { clientId: 'us', tokenEndpoint: `https://${inUrl(host)}:${port}/token` },
    }),
  'a push service': (host, port, allowPrivateHosts) =>
    deliver(
      new URL(`https://${inUrl(host)}:${port}/`),
      { headers: {}, body: Buffer.from('x') },
      allowPrivateHosts,
      Date.now,
    ),
  'an SRV record': (host, port, allowPrivateHosts) => {
    const srv = { '_imaps._tcp.example.org': [{ name: host, port }] };
    return search(fakeResolver({ srv }), port, allowPrivateHosts);
  },
};

/** The parts of the code that may open connections: whatever else wants to has to come by them. */
const OPENERS = [
  // Asks the address of its own stack, and nobody else has a say in which that is.
  'canary.ts',
  'push/deliver.ts',
  'source/discover/https.ts',
  'source/discover/wire.ts',
  'source/imap-transport.ts',
  'source/pop3-socket.ts',
  'source/token-endpoint.ts',
];

/** Hosts that are this machine, and look like it to some program or other. */
const SELF = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '１２７。0。0。1',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  'localhost',
  'LOCALHOST.',
  'inside.example.org',
];

function source(protocol: 'imap' | 'pop', security: Security): Way {
  return (host, port, allowPrivateHosts) =>
    openSource({
      ...{ protocol, host, port, security, allowPrivateHosts },
      ...{ username: 'mara', password: 'x', timeout: 2_000 },
    });
}

/** A discovery whose host names go to the system's resolver, as they do on Lambda. */
function search(resolver: ReturnType<typeof fakeResolver>, port: number, allowPrivateHosts: Allowed) {
  const ports = { imaps: port, imap: port, pops: port, pop: port, https: port };
  const lookup = (host: string) => dns.lookup(host, { all: true });
  return discover('mara@example.org', {
    ...{ allowPrivateHosts, ports, providers: [], timeout: 2_000 },
    resolver: { ...resolver, lookup },
  });
}

const inUrl = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** A server that takes connections, counts them and drops them. */
async function countingServer(t: TestContext, address: string, port = 0) {
  const server = createServer(socket => {
    counting.connections += 1;
    socket.on('error', () => undefined).destroy();
  }).listen(port, address);
  await once(server, 'listening');
  t.after(() => server.close());
  const counting = { port: (server.address() as AddressInfo).port, connections: 0 };
  return counting;
}

/** A name server of our own, which answers the nth question for a name; what is no name of its is not there. */
function answers(t: TestContext, of: (host: string, nth: number) => string | null) {
  const asked = new Map<string, number>();
  const lookup = async (host: string): Promise<LookupAddress[]> => {
    const nth = (asked.get(host) ?? 0) + 1;
    asked.set(host, nth);
    const address = of(host, nth);
    if (address === null) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
    return [{ address, family: 4 }];
  };
  t.mock.method(dns, 'lookup', lookup as unknown as typeof dns.lookup);
  return asked;
}

describe('connections to named hosts', () => {
  for (const [name, go] of Object.entries(ways)) {
    test(`${name} leads to nothing of ours, however that is spelled`, async t => {
      const inside = await countingServer(t, '127.0.0.1');
      answers(t, host => (/^localhost\.?$|inside/i.test(host) ? '127.0.0.1' : null));
      for (const host of SELF) {
        const ended = await go(host, inside.port, []).catch((error: Error & { code?: string }) => error.code);
        assert.notEqual(ended, undefined, host);
        assert.equal(inside.connections, 0, host);
      }
    });

    test(`${name} is connected to at the address that was checked, although the name has another one by then`, async t => {
      const outside = await countingServer(t, '127.0.0.2');
      const inside = await countingServer(t, '127.0.0.1', outside.port);
      const asked = answers(t, (host, nth) => {
        if (host !== 'mail.example.org') return null;
        return nth === 1 ? '127.0.0.2' : '127.0.0.1';
      });
      // 127.0.0.2 stands for a public address.
      await go('mail.example.org', outside.port, ['127.0.0.2']).catch(() => undefined);
      assert.equal(asked.get('mail.example.org'), 1, 'asked once');
      assert.ok(outside.connections > 0, 'it goes to the address that was checked');
      assert.equal(inside.connections, 0);
    });
  }

  test('the file of a domain is fetched from no address of ours', async t => {
    const inside = await countingServer(t, '127.0.0.1');
    const asked = answers(t, host => (host === 'autoconfig.example.org' ? '127.0.0.1' : null));
    const found = await search(fakeResolver({}), inside.port, []);
    assert.deepEqual(found.proposals, []);
    assert.equal(asked.get('autoconfig.example.org'), 1, 'it was looked for');
    assert.equal(inside.connections, 0);
  });

  test('a token endpoint that redirects is not followed', async t => {
    const asked: string[] = [];
    const server = createWebServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/inside' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const tokenEndpoint = `http://127.0.0.1:${port}/token`;
    const question = { provider: 'google', refreshToken: 'r', timeout: 2_000 };
    await assert.rejects(
      refreshAccessToken({
        ...question,
        allowPrivateHosts: ['127.0.0.1'],
        client: { clientId: 'us', tokenEndpoint },
      }),
      { code: 'configuration', message: /status 307/ },
    );
    assert.deepEqual(asked, ['/token']);
  });

  test('no other part of the functions opens a connection by itself', () => {
    const root = join(import.meta.dirname, '../../functions');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    );
    // `isIP`, `BlockList`, `rootCertificates` and types of these modules connect to nothing.
    const opens =
      /^import (?!type).*\b(connect|createConnection|request|get|Agent)\b.* from '(node:)?(net|tls|https?|http2|dgram)';/;
    const asks = /(await|return|=) fetch\(|new (WebSocket|XMLHttpRequest|EventSource)\(/;
    const found = files.filter(name => {
      const text = readFileSync(join(root, name), 'utf8');
      const statements = text.split(/(?<=;)\n/).map(statement => statement.replaceAll('\n', ' '));
      return asks.test(text) || statements.some(statement => opens.test(statement));
    });
    assert.deepEqual(found.sort(), OPENERS);
  });
});
