import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from '../../functions/source/discover/address.ts';
import { withoutAddress } from '../../functions/source/discover/autoconfig.ts';
import {
  AutoconfigError,
  fillIn,
  LONGEST_FILE,
  readAutoconfig,
} from '../../functions/source/discover/autoconfig-xml.ts';
import { standardPorts } from '../../functions/source/discover/network.ts';
import { autoconfigFile, incomingServer } from '../support/discover.ts';

const mara = parseAddress('mara@example.org');
const read = (xml: string) => readAutoconfig(xml, mara, standardPorts);

/** Reads what may be anything: a finding, or null for the one error that is allowed. */
function survive(xml: string) {
  try {
    return read(xml);
  } catch (error) {
    assert.ok(error instanceof AutoconfigError, `threw ${String(error)}`);
    return null;
  }
}

describe('an autoconfig file', () => {
  it('names several servers, in its order, with its placeholders filled in', () => {
    const xml = autoconfigFile(
      incomingServer('imap', 'imap.%EMAILDOMAIN%', 993, { username: '%EMAILLOCALPART%' }),
      incomingServer('imap', 'IMAP.example.org', 143, { socketType: 'STARTTLS' }),
      incomingServer('pop3', 'pop.example.org', 995, { authentication: 'OAuth2' }),
    );
    assert.deepEqual(
      read(xml).candidates.map(c => [c.protocol, c.host, c.port, c.security, c.username, c.authentication]),
      [
        ['imap', 'imap.example.org', 993, 'tls', 'mara', 'password'],
        ['imap', 'imap.example.org', 143, 'starttls', 'mara@example.org', 'password'],
        ['pop', 'pop.example.org', 995, 'tls', 'mara@example.org', 'oauth'],
      ],
    );
  });

  it('prefers a password where OAuth is named beside it, and reads entities and attributes', () => {
    const xml = autoconfigFile(
      `<incomingServer type="imap"><hostname lang="en">imap.example.org</hostname><port> 993 </port>
       <socketType>SSL</socketType><username>a&amp;%EMAILLOCALPART%</username>
       <authentication>OAuth2</authentication><authentication>password-cleartext</authentication></incomingServer>`,
    );
    const [found] = read(xml).candidates;
    assert.deepEqual(
      [found?.host, found?.username, found?.authentication],
      ['imap.example.org', 'a&mara', 'password'],
    );
  });

  it('gives no server without encryption, on another port, of another kind or with a sign-in we lack', () => {
    const { candidates, warnings } = read(
      autoconfigFile(
        incomingServer('imap', 'plain.example.org', 143, { socketType: 'plain' }),
        incomingServer('imap', 'odd.example.org', 22),
        incomingServer('imap', 'odd.example.org', 995),
        incomingServer('exchange', 'ex.example.org', 443),
        incomingServer('imap', 'krb.example.org', 993, { authentication: 'GSSAPI' }),
        incomingServer('imap', 'none.example.org', 993, { port: '99999999' }),
      ),
    );
    assert.deepEqual(candidates, []);
    assert.equal(warnings.length, 3);
    assert.match(warnings[0]?.text ?? '', /^plain\.example\.org .*without encryption/);
    assert.match(warnings[1]?.text ?? '', /unusual port 22/);
  });

  it('keeps what a placeholder brings in as it is', () => {
    const tricky = parseAddress('%EMAILDOMAIN%$&@example.org');
    assert.equal(fillIn('%EMAILLOCALPART%', tricky), '%EMAILDOMAIN%$&');
    const xml = autoconfigFile(incomingServer('imap', 'imap.example.org', 993, { username: '%REALNAME%' }));
    assert.equal(read(xml).candidates[0]?.username, 'mara@example.org');
  });

  it('is refused when it defines entities or a document type, is too long or too deep', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
      { length: 9 },
      (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ''};`.repeat(10)}">`,
    ).join('')}]><clientConfig><emailProvider>&lol9;</emailProvider></clientConfig>`;
    const outside = `<!doctype x [<!ENTITY f SYSTEM "file:///etc/passwd">]><clientConfig/>`;
    const long = autoconfigFile(' '.repeat(LONGEST_FILE));
    const deep = `${'<a>'.repeat(50_000)}${'</a>'.repeat(30_000)}`;
    for (const xml of [bomb, outside, long, deep, '', 'not xml', '<clientConfig/>', '<html></html>']) {
      assert.throws(() => read(xml), AutoconfigError);
    }
    const undefinedEntity = autoconfigFile(incomingServer('imap', 'imap.&evil;.org', 993));
    assert.equal(survive(undefinedEntity)?.candidates[0]?.host, 'imap.&evil;.org');
  });

  it('names eight servers at most', () => {
    const many = Array.from({ length: 100 }, (_, i) => incomingServer('imap', `m${i}.example.org`, 993));
    assert.equal(read(autoconfigFile(...many)).candidates.length, 8);
  });

  it('reads the largest hostile files to an end', { timeout: 120_000 }, () => {
    const fill = (piece: string) => piece.repeat(Math.floor((LONGEST_FILE - 100) / piece.length));
    const pieces = [
      '<',
      '<a>',
      '<a/>',
      '<!--',
      '<!--x-->',
      '<![CDATA[',
      '<![CDATA[x]]>',
      '<?x ',
      '&',
      '&amp;',
    ];
    for (const piece of [
      ...pieces,
      '"',
      'b="c" ',
      'b=',
      ' ',
      '>',
      ']]>',
      '</a>',
      '<a:b>',
      '\n',
      '<__proto__>',
    ]) {
      for (const xml of [fill(piece), `<clientConfig>${fill(piece)}</clientConfig>`, `<a ${fill(piece)}/>`]) {
        survive(xml);
      }
    }
  });

  it('survives any text', () => {
    const token = fc.constantFrom(
      ...['<', '>', '/', '"', "'", '=', '&', ';', '<!--', '-->', '<![CDATA[', ']]>', '<?xml ', '?>', '%'],
      ...[
        '<clientConfig>',
        '</clientConfig>',
        '<emailProvider>',
        '</emailProvider>',
        '<incomingServer type="imap">',
      ],
      ...[
        '</incomingServer>',
        '<hostname>',
        '</hostname>',
        '<port>993</port>',
        '__proto__',
        'constructor',
        '#text',
      ],
      ...['<__proto__>', '<constructor>', '@type', '<toString>', 'hasOwnProperty', '&#0;', '&#x110000;'],
    );
    const piece = fc.oneof(token, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        survive(pieces.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('survives any damage, and then names nothing but what may be connected to', () => {
    const whole = autoconfigFile(
      incomingServer('imap', 'imap.example.org', 993),
      incomingServer('pop3', 'pop.example.org', 110, { socketType: 'STARTTLS' }),
    );
    const edit = fc.record({
      at: fc.nat(whole.length),
      drop: fc.nat(40),
      insert: fc.oneof(
        fc.string(),
        fc.constantFrom('<', '>', '&lol;', '<!DOCTYPE a>', '22', '</a>', '\u0000'),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), edits => {
        const damaged = edits.reduce(
          (xml, { at, drop, insert }) => xml.slice(0, at) + insert + xml.slice(at + drop),
          whole,
        );
        for (const { protocol, port, security, username } of survive(damaged)?.candidates ?? []) {
          assert.ok((protocol === 'imap' ? [993, 143] : [995, 110]).includes(port), `port ${port}`);
          assert.ok(['tls', 'starttls'].includes(security), security);
          assert.ok(username.length > 0 && !/\p{Cc}/u.test(username), 'a user name in one line');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a redirect of an autoconfig file', () => {
  const follow = (url: string) => withoutAddress(new URL(url), mara)?.href ?? null;

  it('takes the address along within the domain only', () => {
    const own = 'https://www.example.org/x.xml?emailaddress=mara%40example.org';
    assert.equal(follow(own), own);
    assert.equal(
      follow('https://autoconfig.host.net/x.xml?emailaddress=mara%40example.org&v=1'),
      'https://autoconfig.host.net/x.xml?v=1',
    );
    assert.equal(follow('https://notexample.org/?e=MARA@example.org'), 'https://notexample.org/');
    assert.equal(follow('https://host.net/?user=mara&d=example.org'), 'https://host.net/?d=example.org');
    assert.equal(follow('https://host.net/mara%40example.org/x.xml'), null);
    assert.equal(follow('https://host.net/mara@example.org/x.xml'), null);
  });
});
