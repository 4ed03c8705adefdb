import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { rootNode, type SchemaNode } from '../../infra/customers/document.ts';
import { CustomerFileError, loadCustomers, parseCustomer } from '../../infra/customers/load.ts';
import { documents } from '../../infra/customers/write-docs.ts';

const plain = {
  id: 'harbour-books',
  region: 'eu-west-1',
  awsAccount: '111122223333',
  alarms: { email: 'post@harbour-books.example' },
};

const issuer = { url: 'https://login.example.org', clientId: 'us' };

function problemOf(customer: unknown, file = 'customers/harbour-books.json'): string {
  try {
    parseCustomer(file, typeof customer === 'string' ? customer : JSON.stringify(customer));
  } catch (error) {
    assert.ok(error instanceof CustomerFileError);
    return error.message;
  }
  return 'no problem';
}

describe('a customer file', () => {
  it('needs little: the rest has defaults', () => {
    assert.deepEqual(parseCustomer('customers/harbour-books.json', JSON.stringify(plain)), {
      ...plain,
      users: { signUp: 'invitation', mfa: 'optional' },
      retention: { logDays: 90, previousVersionDays: 30, keyRotationDays: 2560 },
      deletion: { policies: ['whenDestroyed', 'afterDays', 'onceStored'], minimumDays: 1 },
      limits: { maxSyncConcurrency: 10, apiRequestsPerSecond: 200, monthlyBudgetUsd: 20 },
      alarms: { email: 'post@harbour-books.example', failuresPerHour: 20, detailed: false },
      dashboard: false,
      allowPrivateHosts: [],
      oauth: {},
    });
  });

  it('keeps the defaults of a group of which it sets one field', () => {
    const customer = parseCustomer(
      'customers/harbour-books.json',
      JSON.stringify({ ...plain, limits: { maxSyncConcurrency: 4 } }),
    );
    assert.deepEqual(customer.limits, {
      maxSyncConcurrency: 4,
      apiRequestsPerSecond: 200,
      monthlyBudgetUsd: 20,
    });
  });

  const refused: [name: string, change: object, problem: RegExp][] = [
    ['an unknown field', { regoin: 'eu-west-1' }, /^customers\/harbour-books\.json: regoin: is not a known/],
    ['an unknown nested field', { users: { mfaa: 'off' } }, /json: users\.mfaa: is not a known field$/],
    ['a missing field', { alarms: undefined }, /json: alarms: is required$/],
    ['a short account', { awsAccount: '1234' }, /json: awsAccount: must be the 12 digits/],
    ['an account that is a number', { awsAccount: 111122223333 }, /json: awsAccount: .*expected string/],
    ['a concurrency of one', { limits: { maxSyncConcurrency: 1 } }, /json: limits\.maxSyncConcurrency: must/],
    ['an odd retention', { retention: { logDays: 8 } }, /json: retention\.logDays: /],
    ['a host with a scheme', { allowPrivateHosts: ['imap://a.b'] }, /json: allowPrivateHosts\.0: /],
    ['a region in capitals', { region: 'EU-WEST-1' }, /json: region: must be an AWS region/],
    ['an id that is no label', { id: 'Harbour Books' }, /json: id: must be 3 to 20/],
    ['an id with amazon', { id: 'amazonas' }, /json: id: must not contain/],
    [
      'an id unlike its file',
      { id: 'other' },
      /json: id: is "other", so the file must be named other\.json$/,
    ],
    [
      'a certificate where CloudFront does not look',
      {
        domain: {
          name: 'mail.example.org',
          certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678',
        },
      },
      /json: domain\.certificateArn: must be the ARN of an ACM certificate in us-east-1/,
    ],
    [
      'a client secret in it',
      { oauth: { google: { clientId: 'us', clientSecret: 'secret' } } },
      /json: oauth\.google\.clientSecret: is not a known field$/,
    ],
    [
      'a secret of another customer',
      { oauth: { google: { clientId: 'us', clientSecretParameter: '/mailferry/north-quay/google' } } },
      /json: oauth\.google\.clientSecretParameter: must begin with \/mailferry\/harbour-books\/$/,
    ],
    ['a provider that nobody knows', { oauth: { acme: { clientId: 'us' } } }, /json: oauth\.acme: needs/],
    [
      'half of a provider',
      { oauth: { google: { clientId: 'us', tokenEndpoint: 'https://a.example/token' } } },
      /json: oauth\.google: needs authorizationEndpoint, tokenEndpoint, scope and hosts/,
    ],
    [
      'an endpoint without TLS',
      { oauth: { google: { clientId: 'us', tokenEndpoint: 'http://a.example/token' } } },
      /json: oauth\.google\.tokenEndpoint: must be an address that begins with https/,
    ],
    ...(
      [
        ['an issuer without TLS', 'http://login.example.org'],
        ['an issuer with a query', 'https://login.example.org/?tenant=1'],
        ['an issuer with a fragment', 'https://login.example.org/#x'],
        ['an issuer with a user', 'https://me:secret@login.example.org'],
        ['an issuer with a blank at the end', 'https://login.example.org/ '],
        ['an issuer with a line break', 'https://login.example.org\n/x'],
        ['an issuer in capitals, which no token has', 'https://LOGIN.example.org'],
        ['an issuer with a way up', 'https://login.example.org/a/../b'],
        ['an issuer on this machine', 'https://localhost:8443'],
      ] as const
    ).map(([name, url]): [string, object, RegExp] => [
      name,
      { users: { issuer: { url, clientId: 'us' } } },
      /json: users\.issuer\.url: must be the issuer as its tokens name it/,
    ]),
    [
      'an origin with a path',
      { users: { issuer: { ...issuer, origins: ['https://tokens.example.org/token'] } } },
      /json: users\.issuer\.origins\.0: must be an origin/,
    ],
    [
      'an origin that says more to the browser',
      { users: { issuer: { ...issuer, origins: ["https://a.example.org; script-src 'unsafe-inline'"] } } },
      /json: users\.issuer\.origins\.0: must be an origin/,
    ],
    [
      'scopes without openid',
      { users: { issuer: { ...issuer, scope: 'email profile' } } },
      /json: users\.issuer\.scope: must have the scope openid/,
    ],
    [
      'an issuer and what only a user pool knows',
      { users: { issuer, mfa: 'required' } },
      /json: users\.mfa: is decided by users\.issuer; leave it out$/,
    ],
  ];
  for (const [name, change, problem] of refused) {
    it(`is refused with ${name}`, () => assert.match(problemOf({ ...plain, ...change }), problem));
  }

  it('is refused when it is not JSON or not an object', () => {
    assert.match(problemOf('{'), /^customers\/harbour-books\.json: is not valid JSON: /);
    assert.match(problemOf('[]'), /^customers\/harbour-books\.json: the file: .*expected object/);
  });

  it('accepts an issuer as its tokens name it, with or without a slash at the end', () => {
    for (const url of ['https://a.auth0.example.com/', 'https://login.example.org/realms/x', issuer.url]) {
      assert.equal(problemOf({ ...plain, users: { issuer: { url, clientId: 'us' } } }), 'no problem');
    }
  });

  it('accepts a private address as a mail host', () => {
    const customer = { ...plain, allowPrivateHosts: ['10.1.2.3', 'fd00::1', 'imap.internal'] };
    assert.equal(problemOf(customer), 'no problem');
  });
});

describe('a folder of customers', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailferry-customers-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is refused when it is empty', () => {
    assert.throws(() => loadCustomers(folder), /has no customer file/);
  });

  it('reports every bad file and nothing of the good ones', () => {
    writeFileSync(join(folder, 'harbour-books.json'), JSON.stringify(plain));
    assert.equal(loadCustomers(folder).length, 1);
    writeFileSync(join(folder, 'bad-one.json'), '{');
    writeFileSync(join(folder, 'bad-two.json'), JSON.stringify({ ...plain, id: 'bad-two', region: 'moon' }));
    assert.throws(
      () => loadCustomers(folder),
      (error: Error) =>
        /bad-one\.json: is not valid JSON/.test(error.message) &&
        /bad-two\.json: region: /.test(error.message) &&
        !/harbour/.test(error.message),
    );
  });

  it('of the project is valid', () => {
    const ids = loadCustomers('infra/customers').map(customer => customer.id);
    assert.deepEqual(ids, ['harbour-books', 'north-quay']);
  });
});

describe('the schema', () => {
  it('documents every field', () => {
    const undocumented: string[] = [];
    const visit = (path: string, node: SchemaNode) => {
      if (node.description === undefined) undocumented.push(path);
      for (const [name, field] of Object.entries(node.properties ?? {})) visit(`${path}.${name}`, field);
      const each = node.additionalProperties;
      if (typeof each === 'object')
        for (const [name, field] of Object.entries(each.properties ?? {})) visit(`${path}.*.${name}`, field);
    };
    visit('customer', rootNode());
    assert.deepEqual(undocumented, []);
  });

  for (const [path, text] of Object.entries(documents())) {
    it(`is what ${path} says; npm run docs writes it anew`, () => {
      assert.equal(readFileSync(path, 'utf8'), text);
    });
  }
});
