import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MailAccountProposal } from '../../functions/jmap/types.ts';
import { AddressError, parseAddress } from '../../functions/source/discover/address.ts';
import { type Candidate, candidate, endpointKey } from '../../functions/source/discover/candidate.ts';
import { standardPorts } from '../../functions/source/discover/network.ts';
import type { Probe } from '../../functions/source/discover/probe.ts';
import { rank } from '../../functions/source/discover/rank.ts';
import { recommend } from '../../functions/source/discover/recommend.ts';
import { readSrv } from '../../functions/source/discover/srv.ts';
import { usualCandidates } from '../../functions/source/discover/usual-hosts.ts';
import { SourceError, type SourceErrorCode } from '../../functions/source/errors.ts';
import { providerOfDomain, providerOfMx, providers } from '../../functions/source/providers/index.ts';
import { providerSchema } from '../../functions/source/providers/provider.ts';

const mara = parseAddress('mara@example.org');

describe('an address', () => {
  it('is trimmed, its domain becomes ASCII, its quotes are read', () => {
    const cases = [
      ['  Mara@Example.ORG \n', 'Mara', 'example.org', 'Mara@example.org'],
      ['mara@bücher.example', 'mara', 'xn--bcher-kva.example', 'mara@xn--bcher-kva.example'],
      ['mara@例え。テスト', 'mara', 'xn--r8jz45g.xn--zckzah', 'mara@xn--r8jz45g.xn--zckzah'],
      ['"mara vogt"@example.org', 'mara vogt', 'example.org', '"mara vogt"@example.org'],
      ['"mara"@example.org', 'mara', 'example.org', 'mara@example.org'],
      ['"a@b\\"c\\\\"@example.org', 'a@b"c\\', 'example.org', '"a@b\\"c\\\\"@example.org'],
      ['a..b.@example.org.', 'a..b.', 'example.org', 'a..b.@example.org'],
      ['mara+boat@example.org', 'mara+boat', 'example.org', 'mara+boat@example.org'],
      ['грета@example.org', 'грета', 'example.org', 'грета@example.org'],
    ] as const;
    for (const [entered, localPart, domain, text] of cases) {
      assert.deepEqual(parseAddress(entered), { localPart, domain, text });
    }
  });

  it('is refused with a sentence when it is none', () => {
    const wrong = ['', 'mara', '@example.org', 'mara@', 'mara@example', 'mara@localhost', 'a b@example.org'];
    wrong.push('mara@exa mple.org', 'mara@[127.0.0.1]', 'mara@127.0.0.1', 'mara@1.0x7f', 'mara@-a.org');
    wrong.push('mara@a..org', 'mara@example.org/x', 'mara@exämple.org/x', 'mara@ex\u0000ample.org');
    wrong.push(`mara@${'a'.repeat(64)}.org`, `${'m'.repeat(65)}@example.org`, 'a\r\nb@example.org');
    wrong.push('"a\nb"@example.org', '""@example.org', '"a"b"@example.org', 'mara@ex#ä.org', 'mara@ä%2e.org');
    wrong.push(`mara@${'abcdefgh.'.repeat(29)}org`);
    for (const entered of wrong) {
      assert.throws(
        () => parseAddress(entered),
        (error: Error) => error instanceof AddressError && /^[A-Z].*\.$/.test(error.message),
        entered,
      );
    }
  });

  it('reads back as itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), entered => {
        try {
          const once = parseAddress(entered.includes('@') ? entered : `${entered}@example.org`);
          assert.deepEqual(parseAddress(once.text), once);
          assert.match(once.domain, /^[a-z0-9._-]+$/);
        } catch (error) {
          assert.ok(error instanceof AddressError, String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the shipped providers', () => {
  it('fit the schema', () => {
    for (const provider of providers) {
      const read = providerSchema.safeParse(provider);
      assert.ok(read.success, `${provider.name}: ${read.error?.message}`);
      const usable = provider.imap !== null || provider.pop !== null;
      assert.notEqual(usable, provider.unavailable !== null, `${provider.name} can be used, or says why not`);
      assert.ok(provider.domains.length + provider.mx.length > 0, `${provider.name} has a domain`);
      for (const [server, ports] of [
        [provider.imap, { tls: 993, starttls: 143 }],
        [provider.pop, { tls: 995, starttls: 110 }],
      ] as const) {
        if (server) assert.equal(server.port, ports[server.security], `${provider.name}: ${server.host}`);
      }
    }
  });

  it('name each domain and each MX suffix once', () => {
    for (const kind of ['domains', 'mx'] as const) {
      const names = providers.flatMap(provider => provider[kind]);
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      assert.deepEqual(twice, [], kind);
    }
  });

  it('are found by domain and by the longest MX suffix, at a dot', () => {
    assert.equal(providerOfDomain('gmail.com')?.imap?.host, 'imap.gmail.com');
    assert.equal(providerOfDomain('mail.gmail.com'), null);
    const hosted = {
      'aspmx.l.google.com': 'Google Workspace',
      'ALT1.ASPMX.L.GOOGLE.COM.': 'Google Workspace',
      'notgoogle.com': undefined,
      'example-org.mail.protection.outlook.com': 'Microsoft 365',
      'outlook-com.olc.protection.outlook.com': 'Outlook.com',
      'example-org.b-v1.mx.microsoft': 'Microsoft 365',
      'in1-smtp.messagingengine.com': 'Fastmail',
      'mx.zoho.eu': 'Zoho Mail with a domain of your own',
      'mx00.ionos.co.uk': 'IONOS',
      'mx00.kundenserver.de': 'IONOS',
      'mx1.mail.ovh.net': 'OVHcloud',
      'mta-gw.infomaniak.ch': 'Infomaniak',
      'mx01.mail.icloud.com': 'iCloud with a domain of your own',
      'mail.protonmail.ch': 'Proton Mail',
      'mx.example.org': undefined,
    };
    for (const [exchange, name] of Object.entries(hosted)) {
      assert.equal(providerOfMx(exchange)?.name, name, exchange);
    }
  });
});

describe('SRV records', () => {
  const record = (name: string, port: number, priority = 0, weight = 0) => ({ name, port, priority, weight });

  it('come in order of priority, then weight; a dot means: not offered', () => {
    const { candidates, warnings } = readSrv(
      new Map([
        [
          '_imaps._tcp' as const,
          [
            record('c.example.org', 993, 20),
            record('b.example.org', 993, 10, 1),
            record('A.example.org.', 993, 10, 5),
          ],
        ],
        ['_imap._tcp' as const, [record('b.example.org', 143)]],
        ['_pop3s._tcp' as const, [record('.', 0)]],
        ['_pop3._tcp' as const, [record('', 0)]],
      ]),
      mara,
      standardPorts,
    );
    assert.deepEqual(
      candidates.map(c => `${c.protocol} ${c.security} ${c.host}:${c.port}`),
      [
        'imap tls a.example.org:993',
        'imap tls b.example.org:993',
        'imap tls c.example.org:993',
        'imap starttls b.example.org:143',
      ],
    );
    assert.deepEqual(warnings, []);
  });

  it('lead to mail ports only, three at most a service, and a foreign server is told', () => {
    const many = Array.from({ length: 50 }, (_, i) => record(`m${i}.example.net`, 993, i));
    const { candidates, warnings } = readSrv(
      new Map([
        ['_imaps._tcp' as const, many],
        ['_pop3s._tcp' as const, [record('a.example.org', 22), record('a.example.org', 993)]],
      ]),
      mara,
      standardPorts,
    );
    assert.equal(candidates.length, 3);
    assert.equal(warnings.filter(({ text }) => /unusual port/.test(text)).length, 2);
    assert.equal(warnings.filter(({ text }) => /which is not its own/.test(text)).length, 3);
  });
});

const good = (...capabilities: string[]): Probe => ({ ok: true, capabilities });
const bad = (code: SourceErrorCode): Probe => ({ ok: false, error: new SourceError(code, 'It failed.') });
const at = (
  protocol: 'imap' | 'pop',
  host: string,
  source: Candidate['source'],
  security: 'tls' | 'starttls' = 'tls',
) => {
  const port = { imap: { tls: 993, starttls: 143 }, pop: { tls: 995, starttls: 110 } }[protocol][security];
  return candidate({ protocol, host, port, security }, mara, source);
};

describe('ranking', () => {
  it('puts what answered first, then who named it, IMAP before POP, TLS before STARTTLS', () => {
    const candidates = [
      at('pop', 'mail.example.org', 'probe'),
      at('imap', 'mail.example.org', 'probe', 'starttls'),
      at('imap', 'mail.example.org', 'probe'),
      at('imap', 'auto.example.org', 'autoconfig'),
      at('imap', 'srv.example.org', 'srv'),
      at('imap', 'known.example.org', 'provider'),
    ];
    const probes = new Map(candidates.map(c => [endpointKey(c), good('IMAP4REV1')]));
    probes.set(endpointKey(at('imap', 'known.example.org', 'provider')), bad('timeout'));
    assert.deepEqual(
      rank(candidates, probes).map(p => `${p.protocol} ${p.security} ${p.host} ${p.confirmed}`),
      [
        'imap tls srv.example.org true',
        'imap tls auto.example.org true',
        'imap tls mail.example.org true',
        'imap starttls mail.example.org true',
        'pop tls mail.example.org true',
        'imap tls known.example.org false',
      ],
    );
  });

  it('keeps one endpoint once, as the best source has it; drops dead names and tries that failed', () => {
    const named = { ...at('imap', 'imap.example.org', 'autoconfig'), username: 'mara' };
    const gone = at('imap', 'gone.example.org', 'srv');
    const inside = at('pop', 'inside.example.org', 'autoconfig');
    const tried = at('imap', 'mail.example.org', 'probe');
    const unseen = at('imap', 'unseen.example.org', 'probe');
    const proposals = rank(
      [tried, unseen, at('imap', 'imap.example.org', 'probe'), named, gone, inside],
      new Map([
        [endpointKey(named), good()],
        [endpointKey(gone), bad('unknown-host')],
        [endpointKey(inside), bad('forbidden-host')],
        [endpointKey(tried), bad('tls')],
      ]),
    );
    assert.deepEqual(
      proposals.map(({ host, username, source, capabilities }) => [host, username, source, capabilities]),
      [['imap.example.org', 'mara', 'autoconfig', null]],
    );
  });

  it('believes a server that takes no passwords', () => {
    const found = at('imap', 'imap.example.org', 'srv');
    const of = (...names: string[]) =>
      rank([found], new Map([[endpointKey(found), good('IMAP4REV1', ...names)]]))[0]?.authentication;
    assert.equal(of('LOGINDISABLED', 'AUTH=XOAUTH2'), 'oauth');
    assert.equal(of('LOGINDISABLED', 'AUTH=XOAUTH2', 'AUTH=PLAIN'), 'password');
    assert.equal(of('AUTH=XOAUTH2'), 'password');
  });

  it('tries the usual names and the host that takes the mail, each once', () => {
    const hosts = usualCandidates(mara, 'mail.example.org', standardPorts);
    assert.equal(new Set(hosts.map(endpointKey)).size, hosts.length);
    assert.deepEqual([...new Set(hosts.map(({ host }) => host))].sort(), [
      ...['example.org', 'imap.example.org', 'mail.example.org', 'pop.example.org', 'pop3.example.org'],
    ]);
    assert.ok(usualCandidates(mara, 'mx.host.net', standardPorts).some(({ host }) => host === 'mx.host.net'));
  });
});

describe('the recommendation', () => {
  const proposal = (
    protocol: 'imap' | 'pop',
    more: Partial<MailAccountProposal> = {},
  ): MailAccountProposal => ({
    ...at(protocol, `${protocol}.example.org`, 'srv'),
    ...{ confirmed: true, capabilities: protocol === 'pop' ? ['UIDL', 'TOP'] : ['IMAP4REV1'] },
    ...more,
  });

  it('is IMAP where there is both, with the reason for either', () => {
    const both = recommend([proposal('pop'), proposal('imap')]);
    assert.equal(both.recommended, 1);
    assert.match(
      both.protocolAdvice.text,
      /folders and read marks in step .* POP if you want Mailferry to empty/,
    );
    assert.equal(
      recommend([proposal('imap', { confirmed: false }), proposal('pop', { confirmed: false })]).recommended,
      0,
    );
  });

  it('is what there is when there is only one, or only one that answers', () => {
    const pop = recommend([proposal('pop')]);
    assert.equal(pop.recommended, 0);
    assert.match(pop.protocolAdvice.text, /POP only.*stays on the server unless you choose to free space/);
    assert.match(recommend([proposal('imap')]).protocolAdvice.text, /IMAP only/);
    const half = recommend([proposal('pop'), proposal('imap', { confirmed: false })]);
    assert.equal(half.recommended, 0);
    assert.match(half.protocolAdvice.text, /only the POP server answered/);
    const none = recommend([]);
    assert.equal(none.recommended, null);
    assert.match(none.protocolAdvice.text, /Neither/);
  });

  it('says what the server offers, and what to mind', () => {
    const capabilities = ['IMAP4REV1', 'CONDSTORE', 'SPECIAL-USE', 'QUOTA=RES-STORAGE'];
    assert.equal(recommend([proposal('imap', { capabilities })]).reasons.length, 4);
    assert.deepEqual(recommend([proposal('imap', { capabilities })]).warnings, []);
    assert.match(
      recommend([proposal('pop', { capabilities: ['TOP'] })])
        .warnings.map(({ text }) => text)
        .join(),
      /UIDL/,
    );
    assert.match(
      recommend([proposal('imap', { confirmed: false })])
        .warnings.map(({ text }) => text)
        .join(),
      /not confirmed/,
    );
    assert.match(
      recommend([proposal('imap', { source: 'probe' })])
        .warnings.map(({ text }) => text)
        .join(),
      /usual names/,
    );
  });
});
