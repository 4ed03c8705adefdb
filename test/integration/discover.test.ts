import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Ports } from '../../functions/source/discover/network.ts';
import { type DiscoverOptions, discover } from '../../functions/source/discover.ts';
import { imaps, needsAppPassword, pops, provider } from '../../functions/source/providers/provider.ts';
import type { MailServer } from '../../infra/local/mail-server.ts';
import {
  autoconfigFile,
  fakeResolver,
  incomingServer,
  testCertificate,
  testHttps,
  type Zone,
} from '../support/discover.ts';
import { testMailServer } from '../support/mail-server.ts';

const MAIL_HOSTS = ['imap.example.org', 'mail.example.org', 'pop.example.org', 'mail.host.net'];
const LOCAL = ['127.0.0.1'];

/** Where nothing listens: a port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server in plain TCP that counts its connections and does with them what it is told. */
async function countingServer(
  t: Pick<TestContext, 'after'>,
  serve: (socket: Socket) => void = () => undefined,
) {
  const sockets: Socket[] = [];
  const server = createServer(socket => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

describe('discovery, with a real mail server', () => {
  let server: MailServer;
  let closed: number;
  let ports: Ports;

  const ended: (() => unknown)[] = [];

  before(async () => {
    const suite: Pick<TestContext, 'after'> = {
      after: end => void (end && ended.push(end as () => unknown)),
    };
    server = await testMailServer(suite, { tls: true, names: MAIL_HOSTS });
    closed = await closedPort();
    const { imap, imaps: imapTls, pop, pops: popTls } = server.ports;
    ports = { imaps: imapTls ?? 0, imap, pops: popTls ?? 0, pop, https: closed };
  });
  after(async () => {
    for (const end of ended) await end();
  });

  const find = (address: string, zone: Zone, more: Partial<DiscoverOptions> = {}) =>
    discover(address, {
      allowPrivateHosts: 'all',
      resolver: fakeResolver(zone),
      ports,
      ca: server.certificate ?? '',
      timeout: 60_000,
      providers: [],
      ...more,
    });

  test('the usual names of a domain are tried, and what answers is proposed with what it can do', async () => {
    const hosts = { 'imap.example.org': LOCAL, 'pop.example.org': LOCAL, 'www.example.org': LOCAL };
    const found = await find(' Mara@Example.ORG ', { hosts });
    assert.equal(found.address, 'Mara@example.org');
    assert.deepEqual(
      found.proposals.map(p => [p.protocol, p.host, p.port, p.security, p.source, p.confirmed]),
      [
        ['imap', 'imap.example.org', ports.imaps, 'tls', 'probe', true],
        ['imap', 'imap.example.org', ports.imap, 'starttls', 'probe', true],
        ['pop', 'pop.example.org', ports.pops, 'tls', 'probe', true],
        ['pop', 'pop.example.org', ports.pop, 'starttls', 'probe', true],
      ],
    );
    assert.equal(found.recommended, 0);
    const [imap, , pop] = found.proposals;
    assert.ok(imap?.capabilities?.includes('IMAP4REV1'), 'IMAP tells its capabilities');
    assert.ok(pop?.capabilities?.includes('UIDL'), 'POP tells its capabilities');
    assert.match(found.protocolAdvice, /IMAP keeps folders/);
    assert.match(found.warnings.join(), /trying usual names/);
  });

  test('SRV records lead to the server, which is named when it is not the domain’s own', async () => {
    const srv = {
      '_imaps._tcp.example.org': [{ name: 'mail.host.net', port: ports.imaps }],
      '_pop3s._tcp.example.org': [{ name: '.', port: 0 }],
    };
    const found = await find('mara@example.org', { srv, hosts: { 'mail.host.net': LOCAL } });
    assert.deepEqual(
      found.proposals.map(p => [p.protocol, p.host, p.source, p.confirmed, p.username]),
      [['imap', 'mail.host.net', 'srv', true, 'mara@example.org']],
    );
    assert.match(found.warnings.join(), /mail\.host\.net, which is not its own/);
    assert.match(found.protocolAdvice, /IMAP only/);
  });

  test('the domain’s own file is fetched over HTTPS, and its servers are confirmed', async t => {
    const certificate = testCertificate(['autoconfig.example.org', 'example.org']);
    const asked: string[] = [];
    const https = await testHttps(t, certificate, (request, response) => {
      asked.push(`${request.headers.host?.split(':')[0]} ${request.url}`);
      const file = autoconfigFile(
        incomingServer('pop3', 'mail.%EMAILDOMAIN%', ports.pops, { username: '%EMAILLOCALPART%' }),
      );
      if (!request.headers.host?.startsWith('autoconfig.')) response.writeHead(404).end();
      else if (request.url === '/moved.xml') response.end(file);
      else response.writeHead(302, { location: '/moved.xml' }).end();
    });
    const found = await find(
      'mara@example.org',
      { hosts: { 'autoconfig.example.org': LOCAL, 'example.org': LOCAL, 'mail.example.org': LOCAL } },
      {
        ports: { ...ports, https, imaps: closed, imap: closed },
        ca: `${certificate.cert}\n${server.certificate}`,
      },
    );
    assert.ok(
      asked.includes('autoconfig.example.org /mail/config-v1.1.xml?emailaddress=mara%40example.org'),
      asked.join(),
    );
    assert.ok(
      asked.includes(
        'example.org /.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=mara%40example.org',
      ),
      asked.join(),
    );
    const [first] = found.proposals;
    assert.deepEqual(
      [first?.protocol, first?.host, first?.source, first?.username, first?.confirmed],
      ['pop', 'mail.example.org', 'autoconfig', 'mara', true],
    );
    assert.match(found.protocolAdvice, /POP only/);
  });

  test('a known provider needs no search, by domain or by MX; one that answers nothing is searched for', async () => {
    const known = provider({
      ...{ name: 'Host', domains: ['host.net'], mx: ['mx.host.net'], username: 'local-part' },
      ...{ imap: { ...imaps('mail.host.net'), port: ports.imaps as 993 } },
      ...{ pop: { ...pops('gone.host.net'), port: ports.pops as 995 } },
      ...{ oauth: { provider: 'host', required: false }, warnings: [needsAppPassword('Host')] },
    });
    const hosts = { 'mail.host.net': LOCAL };
    const resolver = fakeResolver({ hosts, mx: { 'example.org': ['a.mx.host.net'] } });
    const own = await find('mara@host.net', { hosts }, { providers: [known], resolver });
    assert.deepEqual(resolver.asked.sort(), ['gone.host.net', 'mail.host.net']);
    assert.deepEqual(
      own.proposals.map(p => [p.host, p.username, p.authentication, p.oauthProvider, p.source, p.confirmed]),
      [['mail.host.net', 'mara', 'password', 'host', 'provider', true]],
    );
    assert.deepEqual([own.provider, own.warnings], ['Host', [needsAppPassword('Host').text]]);
    const hosted = await find('mara@example.org', { hosts }, { providers: [known], resolver });
    assert.deepEqual([hosted.provider, hosted.proposals[0]?.source], ['Host', 'provider']);
    assert.ok(!resolver.asked.includes('imap.example.org'), 'the usual names are not tried then');
    const moved = await find('mara@host.net', { hosts: { 'imap.host.net': LOCAL } }, { providers: [known] });
    assert.deepEqual(moved.proposals, []);
    assert.match(moved.warnings.join(), /certificate/, 'a wrong certificate is told, and never accepted');
  });

  test('a provider without IMAP and POP is said to have none, without asking anybody', async () => {
    const resolver = fakeResolver({});
    const { providers: _shipped, ...options } = {
      providers: [],
      allowPrivateHosts: [] as string[],
      resolver,
    };
    const found = await discover('mara@proton.me', options);
    assert.deepEqual([found.provider, found.proposals, found.recommended], ['Proton Mail', [], null]);
    assert.match(found.protocolAdvice, /Bridge/);
    assert.deepEqual(resolver.asked, []);
  });

  test('a plain or silent server is never confirmed', async t => {
    const plain = await countingServer(t, socket => socket.write('* OK ready\r\n'));
    const refusing = await countingServer(t, socket => {
      socket.write('* OK ready\r\n');
      socket.on('data', () => socket.write('a1 NO never\r\n'));
    });
    const injecting = await countingServer(t, socket => {
      socket.write('+OK ready\r\n');
      socket.on('data', () => socket.write('+OK go\r\n+OK injected\r\n.\r\n'));
    });
    const found = await find(
      'mara@example.org',
      { hosts: { 'mail.example.org': LOCAL } },
      { ports: { imaps: plain.port, imap: refusing.port, pops: closed, pop: injecting.port, https: closed } },
    );
    assert.deepEqual(found.proposals, []);
    assert.ok(
      plain.sockets.length > 0 && refusing.sockets.length > 0 && injecting.sockets.length > 0,
      'asked',
    );
    assert.match(found.warnings.join('\n'), /does not offer STARTTLS/);
  });
});

describe('discovery of what is not there', () => {
  const options = (zone: Zone, more: Partial<DiscoverOptions> = {}): DiscoverOptions => ({
    ...{ allowPrivateHosts: [], resolver: fakeResolver(zone), providers: [], timeout: 60_000 },
    ...more,
  });

  test('a domain that does not exist, takes no mail or has no server is said so in a sentence', async () => {
    const missing = await discover('mara@nowhere.example', options({}));
    assert.equal(missing.recommended, null);
    assert.match(missing.protocolAdvice, /nowhere\.example does not exist\. Check the spelling/);
    const resolver = fakeResolver({});
    resolver.resolveMx = async () => {
      throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    };
    const unasked = await discover('mara@example.org', options({}, { resolver }));
    assert.match(unasked.protocolAdvice, /name servers could not be asked about example\.org/);
    const nullMx = await discover('mara@example.org', options({ mx: { 'example.org': [''] } }));
    assert.match(nullMx.protocolAdvice, /No mail server was found for example\.org/);
    assert.match(nullMx.warnings.join(), /takes no mail/);
    const quiet = await discover('mara@example.org', options({ hosts: { 'www.example.org': LOCAL } }));
    assert.match(quiet.protocolAdvice, /No mail server was found/);
  });

  test('a domain whose servers never answer ends in a sentence when the time is up', async t => {
    const silent = await countingServer(t);
    const { port } = silent;
    const zone = {
      hosts: { 'imap.example.org': LOCAL },
      srv: { '_imaps._tcp.example.org': [{ name: 'imap.example.org', port }] },
    };
    const ports = { imaps: port, imap: port, pops: port, pop: port, https: port };
    const found = await discover(
      'mara@example.org',
      options(zone, { ports, allowPrivateHosts: 'all', timeout: 700 }),
    );
    assert.deepEqual(
      found.proposals.map(p => [p.host, p.source, p.confirmed]),
      [['imap.example.org', 'srv', false]],
    );
    assert.match(found.warnings.join(), /not confirmed/);
    const unnamed = await discover(
      'mara@example.org',
      options({ hosts: zone.hosts }, { ports, allowPrivateHosts: 'all', timeout: 700 }),
    );
    assert.match(unnamed.protocolAdvice, /answered in time/);
    for (const socket of silent.sockets) {
      if (!socket.closed) await once(socket.resume(), 'close');
    }
  });

  test('a name server that never answers does not hold the answer up', async () => {
    const never = () => new Promise<never>(() => undefined);
    const resolver = { resolveMx: never, resolveSrv: never, lookup: never };
    const found = await discover('mara@example.org', options({}, { resolver, timeout: 500 }));
    assert.match(found.protocolAdvice, /answered in time/);
  });
});

describe('discovery and hosts that must not be reached', () => {
  test('nothing is connected to that is private, loopback or link-local, whoever names it', async t => {
    const inside = await countingServer(t);
    const { port } = inside;
    const ports = { imaps: port, imap: port, pops: port, pop: port, https: port };
    for (const address of ['127.0.0.1', '169.254.169.254', '10.1.2.3', '::1', 'fd00:ec2::254']) {
      const names = ['imap', 'mail', 'pop', 'pop3', 'autoconfig', 'mx', 'srv'].map(n => `${n}.example.org`);
      const resolver = fakeResolver({
        mx: { 'example.org': ['mx.example.org'] },
        srv: {
          '_imaps._tcp.example.org': [{ name: 'srv.example.org', port }],
          '_pop3s._tcp.example.org': [{ name: address, port }],
        },
        hosts: Object.fromEntries([...names, 'example.org', address].map(name => [name, [address]])),
      });
      const found = await discover('mara@example.org', {
        ...{ allowPrivateHosts: [], resolver, ports, providers: [], timeout: 60_000 },
      });
      assert.deepEqual(found.proposals, [], address);
      assert.match(found.warnings.join(), /srv\.example\.org is a private or local address/);
    }
    assert.equal(inside.sockets.length, 0);
  });

  test('the address that was checked is the one that is used, although the name changes', async t => {
    const inside = await countingServer(t);
    const { port } = inside;
    const resolver = fakeResolver({ srv: { '_imaps._tcp.example.org': [{ name: 'a.example.org', port }] } });
    let answers = 0;
    resolver.lookup = async host => {
      if (host !== 'a.example.org') throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
      answers += 1;
      // A public address first, which does not answer; then one that the guard would refuse.
      return [{ address: answers === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    };
    const found = await discover('mara@example.org', {
      ...{ allowPrivateHosts: ['192.0.2.1'], resolver, providers: [], timeout: 500 },
      ports: { imaps: port, imap: port, pops: port, pop: port, https: port },
    });
    assert.equal(answers, 1);
    assert.equal(found.proposals[0]?.confirmed ?? false, false);
    assert.equal(inside.sockets.length, 0);
  });

  test('a redirect leads neither to plain HTTP, another port, a private host, a fourth place nor to too much', async t => {
    const certificate = testCertificate(['autoconfig.example.org', 'inside.example.net', 'open.example.net']);
    const plain = await countingServer(t);
    const asked: string[] = [];
    let location = '';
    const https = await testHttps(t, certificate, (request, response) => {
      asked.push(`${request.headers.host?.split(':')[0]}${request.url}`);
      const first = request.url?.startsWith('/mail/') ?? false;
      if (location === 'large') response.end(autoconfigFile('x'.repeat(300_000)));
      else if (first || location.includes('again')) {
        response.writeHead(302, { location: first ? location : `/again${asked.length}` }).end();
      } else response.end(autoconfigFile(incomingServer('imap', 'imap.example.org', https)));
    });
    const hosts = { 'autoconfig.example.org': LOCAL, 'inside.example.net': LOCAL, 'open.example.net': LOCAL };
    const find = async (to: string) => {
      location = to;
      asked.length = 0;
      const found = await discover('mara@example.org', {
        ...{ allowPrivateHosts: ['autoconfig.example.org', 'open.example.net'], providers: [] },
        ...{ resolver: fakeResolver({ hosts }), ca: certificate.cert, timeout: 60_000 },
        ports: { imaps: https, imap: plain.port, pops: plain.port, pop: plain.port, https },
      });
      // The host it names does not exist: that it was named at all shows that the file was read.
      return found.warnings.length + found.proposals.length + asked.length;
    };
    assert.equal(await find(`http://open.example.net:${https}/x`), 1);
    assert.equal(await find(`https://open.example.net:${plain.port}/x`), 1);
    assert.equal(await find(`https://inside.example.net:${https}/x`), 1);
    assert.equal(await find(`https://127.0.0.1:${https}/x`), 1);
    assert.equal(await find(`https://user:secret@open.example.net:${https}/x`), 1);
    assert.equal(await find('large'), 1);
    await find('/again');
    assert.equal(asked.length, 4);
    await find(`https://open.example.net:${https}/x?emailaddress=mara@example.org&a=1`);
    assert.deepEqual(asked.slice(1), ['open.example.net/x?a=1']);
    assert.equal(plain.sockets.length, 0);
  });
});
