import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decodeJwt } from 'jose';
import { createHandler as canary } from '../../functions/canary.ts';
import { type Cloud, startCloud } from '../../infra/local/cloud.ts';
import { lockData } from '../../infra/local/lock.ts';
import { CONTENT_SECURITY_POLICY } from '../../infra/web-headers.ts';
import { authorisation, Browser, exchange, signIn, tokenRequest } from './local/sign-in.ts';

const ECHO = new URL('./local/echo.ts', import.meta.url).href;
const FUNCTIONS = { api: ECHO, sync: ECHO, dispatch: ECHO };

let folder: string;
/** The cloud of all tests that need no other. */
let cloud: Cloud;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailferry-cloud-'));
  await mkdir(join(folder, 'app/assets'), { recursive: true });
  await writeFile(join(folder, 'app/index.html'), '<!doctype html><title>Mailferry</title>');
  await writeFile(join(folder, 'app/sw.js'), 'self');
  await writeFile(join(folder, 'app/assets/index-D3adB33f.js'), 'export {}');
  await writeFile(join(folder, 'secret.txt'), 'not for the web');
  await writeFile(join(folder, 'app/.stamp'), 'not for the web');
  cloud = await start('main');
});
after(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true });
});

const start = (name: string, more: { password?: string; port?: number } = {}) =>
  startCloud({ port: 0, data: join(folder, name), app: join(folder, 'app'), functions: FUNCTIONS, ...more });

/** A request exactly as written: fetch would put the path and the Host in order. */
async function raw(cloud: Cloud, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port } = new URL(cloud.url);
  const request = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

const withToken = (cloud: Cloud, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${cloud.token}`,
  ...more,
});

/** Waits for something that other processes do; fails after 20 s. */
async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  assert.fail(`It never happened: ${what}`);
}

async function isGone(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state === null || state.slice(state.lastIndexOf(')') + 2).startsWith('Z');
}

describe('the local cloud', () => {
  test('answers to its own names only', async () => {
    const { port } = new URL(cloud.url);
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost', 'localhost:1']) {
      const answer = await raw(cloud, '/config.json', { host });
      assert.equal(answer.status, 421, host);
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      assert.equal((await raw(cloud, '/config.json', { host })).status, 200, host);
    }
  });

  test('tells the app where to sign in', async () => {
    const config = (await (await fetch(`${cloud.url}/config.json`)).json()) as Record<string, string>;
    assert.deepEqual(config, {
      issuer: `${cloud.url}/oidc`,
      clientId: 'mailferry-app',
      scope: 'openid offline_access',
      resource: cloud.url,
    });
    const metadata = await fetch(`${config.issuer}/.well-known/openid-configuration`);
    assert.equal(((await metadata.json()) as { issuer: string }).issuer, config.issuer);
  });

  test('is well in the eyes of the canary, which names all that is wrong of another', async t => {
    await canary(cloud.url)();
    const answers: Record<string, [status: number, text: string]> = {
      '/': [200, '<!doctype html>'],
      '/config.json': [200, JSON.stringify({ issuer: `${cloud.url}/other`, clientId: 'app' })],
      '/.well-known/jmap': [200, '{}'],
    };
    const server = createServer(({ url = '' }, response) => {
      const [status, text] = answers[url] ?? [404, ''];
      response.writeHead(status).end(text);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const wrong = () =>
      canary(`http://127.0.0.1:${port}`)().then(
        () => '',
        ({ name, message }: Error) => `${name}: ${message}`,
      );
    const end = '. See docs/runbook.md, canary.';
    assert.match(await wrong(), /^CanaryError: issuer .*; api answered 200 and not 401\. See/);
    answers['/config.json'] = [200, JSON.stringify({ issuer: `http://127.0.0.1:${port}`, clientId: 'app' })];
    const found = {
      issuer: 'https://else.example',
      authorization_endpoint: 'https://a',
      token_endpoint: 'https://b',
    };
    answers['/.well-known/openid-configuration'] = [200, JSON.stringify(found)];
    answers['/.well-known/jmap'] = [401, ''];
    assert.equal(await wrong(), `CanaryError: issuer says that it is another${end}`);
    answers['/config.json'] = [200, '<!doctype html>'];
    answers['/'] = [503, ''];
    const both = 'app answered 503 and not 200; config is not as it should be';
    assert.equal(await wrong(), `CanaryError: ${both}${end}`);
    server.close();
    server.closeAllConnections();
    assert.match(await wrong(), /app did not answer \(TypeError\); config did not answer .*; api did not/);
  });

  test('serves the app with its security headers and caching', async () => {
    const page = await fetch(`${cloud.url}/`, { headers: { accept: 'text/html' } });
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(page.headers.get('content-security-policy'), CONTENT_SECURITY_POLICY);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(`${cloud.url}/`, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
    const script = await fetch(`${cloud.url}/assets/index-D3adB33f.js`);
    assert.match(script.headers.get('cache-control') ?? '', /immutable/);
    assert.match(script.headers.get('content-type') ?? '', /javascript/);
    assert.equal((await fetch(`${cloud.url}/sw.js`)).headers.get('cache-control'), 'no-cache');
    const deep = await fetch(`${cloud.url}/accounts/a1/inbox`, { headers: { accept: 'text/html' } });
    assert.match(await deep.text(), /Mailferry/);
    assert.equal((await fetch(`${cloud.url}/assets/none.js`)).status, 404);
    const head = await fetch(`${cloud.url}/`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    assert.equal((await fetch(`${cloud.url}/`, { method: 'POST' })).status, 405);
  });

  test('serves nothing outside the app', async () => {
    const paths = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '//../secret.txt',
      '/..\\secret.txt',
      '/.stamp',
      '/%2estamp',
      '/%00',
      '/%',
    ];
    const { host } = new URL(cloud.url);
    for (const path of paths) {
      const answer = await raw(cloud, path, { host, accept: 'text/html' });
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(answer.text, /not for the web/);
    }
    assert.equal((await raw(cloud, `http://${host}/config.json`, { host })).status, 400);
  });

  test('leads other names of loopback to the one origin', async () => {
    const { port } = new URL(cloud.url);
    const answer = await raw(cloud, '/a?b=1', { host: `127.0.0.1:${port}`, accept: 'text/html' });
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.location, `${cloud.url}/a?b=1`);
  });

  test('keeps the API behind a token', async () => {
    const none = await fetch(`${cloud.url}/.well-known/jmap`);
    assert.equal(none.status, 401);
    assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="mailferry"');
    const nearly = `${cloud.token.slice(0, -1)}${cloud.token.endsWith('A') ? 'B' : 'A'}`;
    for (const authorization of [`Bearer ${nearly}`, 'Bearer x.y.z', `Basic ${cloud.token}`, 'Bearer ', '']) {
      const answer = await fetch(`${cloud.url}/jmap/api`, { method: 'POST', headers: { authorization } });
      assert.equal(answer.status, 401, authorization);
      assert.match(answer.headers.get('www-authenticate') ?? '', /invalid_token/);
    }
    const file = join(cloud.data, 'token');
    assert.equal((await readFile(file, 'utf8')).trim(), cloud.token);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(Buffer.from(cloud.token, 'base64url').length, 32);
  });

  test('calls the api function with the event of an HTTP API', async () => {
    const answer = await fetch(`${cloud.url}/jmap/download/a1/b1/x%20y.txt?type=text/plain&a=1&a=2`, {
      headers: withToken(cloud, {
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        Range: 'bytes=0-1',
        cookie: 'a=1; b=2',
      }),
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.match(answer.headers.get('content-security-policy') ?? '', /sandbox/);
    const event = (await answer.json()) as Record<string, unknown> & {
      headers: Record<string, string>;
      requestContext: { authorizer: { jwt: { claims: unknown } }; http: { method: string } };
    };
    assert.equal(event.version, '2.0');
    assert.equal(event.rawPath, '/jmap/download/a1/b1/x%20y.txt');
    assert.equal(event.rawQueryString, 'type=text/plain&a=1&a=2');
    assert.deepEqual(event.queryStringParameters, { type: 'text/plain', a: '1,2' });
    assert.deepEqual(event.cookies, ['a=1', 'b=2']);
    assert.equal(event.headers.range, 'bytes=0-1');
    assert.equal(event.headers['x-forwarded-host'], new URL(cloud.url).host);
    assert.equal(event.headers['x-forwarded-proto'], 'http');
    assert.equal(event.headers.authorization, undefined);
    assert.deepEqual(event.requestContext.authorizer.jwt.claims, { sub: 'local' });
    assert.equal(event.requestContext.http.method, 'GET');
  });

  test('hands on bodies as text or base64, and none that is too long', async () => {
    const post = async (type: string, body: string | Uint8Array<ArrayBuffer>) => {
      const headers = withToken(cloud, { 'content-type': type });
      return fetch(`${cloud.url}/jmap/api`, { method: 'POST', headers, body });
    };
    const text = (await (await post('application/json', '{"ü":1}')).json()) as Record<string, unknown>;
    assert.equal(text.body, '{"ü":1}');
    assert.equal(text.isBase64Encoded, false);
    const binary = await post('application/octet-stream', new Uint8Array([0, 255, 1]));
    const bytes = (await binary.json()) as Record<string, unknown>;
    assert.equal(bytes.body, 'AP8B');
    assert.equal(bytes.isBase64Encoded, true);
    const long = await post('application/json', new Uint8Array(10 * 1024 * 1024 + 1)).catch(() => null);
    // The connection may be closed while the client still sends.
    if (long) assert.equal(long.status, 413);
    assert.equal((await post('application/json', '{}')).status, 200);
  });

  test('answers for a function that throws, one that dies, and starts that one again', async () => {
    const ask = (what: string) => fetch(`${cloud.url}/jmap/x`, { headers: withToken(cloud, { ask: what }) });
    const thrown = await ask('throw');
    assert.equal(thrown.status, 500);
    assert.doesNotMatch(await thrown.text(), /on purpose/);
    const before = ((await (await ask('')).json()) as { pid: number }).pid;
    assert.equal((await ask('crash')).status, 503);
    const after = (await (await ask('')).json()) as { pid: number };
    assert.notEqual(after.pid, before);
  });

  test('joins the functions: a test, a search and a pull asked by the api reach sync', async () => {
    const ask = async (what: string) =>
      (await fetch(`${cloud.url}/jmap/x`, { headers: withToken(cloud, { ask: what }) })).json();
    const own = (await ask('')) as { pid: number };
    const tested = (await ask('test')) as { ok: boolean; message: string };
    assert.equal(tested.ok, true);
    assert.notEqual(tested.message, `pid ${own.pid}`);
    assert.deepEqual(await ask('discover'), { address: 'mara@example.org', provider: tested.message });
    await ask('pull');
    // The stand-in refuses the first delivery, so a second must come.
    await until('a refused message comes again', async () => {
      const deliveries = (await ask('delivered')) as { body: string; count: number }[];
      return deliveries.some(one => one.count === 2);
    });
    const deliveries = (await ask('delivered')) as { body: string; count: number }[];
    assert.deepEqual(deliveries.map(one => one.count).slice(0, 2), [1, 2]);
    assert.deepEqual(JSON.parse(deliveries[0]?.body ?? ''), { accounts: ['a1'], reason: 'asked' });
  });

  test('lets only sync open credentials', async () => {
    const answer = await fetch(`${cloud.url}/jmap/x`, { headers: withToken(cloud, { ask: 'unwrap' }) });
    assert.equal(answer.status, 500);
  });

  test('refuses a second start on the same data, by process id', async () => {
    await assert.rejects(start('main'), (error: Error) => {
      assert.match(error.message, new RegExp(`already runs on .* \\(process ${process.pid}\\)`));
      return true;
    });
    assert.equal((await fetch(`${cloud.url}/config.json`)).status, 200);
  });

  test('says when its port is taken, and leaves the data folder free', async () => {
    const port = Number(new URL(cloud.url).port);
    await assert.rejects(start('other', { port }), /Port \d+ is taken/);
    await (await lockData(join(folder, 'other'))).release();
  });
});

describe('the sign-in', () => {
  const api = (token: string) =>
    fetch(`${cloud.url}/jmap/x`, { headers: { authorization: `Bearer ${token}` } });
  const refresh = (token: string) =>
    tokenRequest(cloud.url, { grant_type: 'refresh_token', refresh_token: token });

  test('without a password gives tokens at once, for the same person as the token file', async () => {
    const tokens = await signIn(cloud.url);
    const claims = decodeJwt(tokens.access_token);
    assert.equal(claims.sub, 'local');
    assert.equal(claims.aud, cloud.url);
    assert.equal(claims.iss, `${cloud.url}/oidc`);
    assert.equal(tokens.expires_in, 3600);
    assert.ok(tokens.refresh_token);
    const answer = await api(tokens.access_token);
    assert.equal(answer.status, 200);
    const event = (await answer.json()) as {
      requestContext: { authorizer: { jwt: { claims: { sub: string } } } };
    };
    assert.equal(event.requestContext.authorizer.jwt.claims.sub, 'local');
    // An id token is for the app, not for the API.
    assert.equal((await api(tokens.id_token)).status, 401);
  });

  test('asks nothing either when the app asks for consent, as other issuers want for offline_access', async () => {
    const browser = new Browser();
    for (const visit of ['first', 'second']) {
      const { address, verifier } = authorisation(cloud.url, { prompt: 'consent' });
      const { at } = await browser.follow(address, `${cloud.url}/signed-in`);
      const tokens = await exchange(cloud.url, at, verifier);
      assert.equal((await api(tokens.access_token)).status, 200, visit);
      assert.equal((await refresh(tokens.refresh_token)).status, 200, visit);
    }
  });

  test('insists on PKCE, the registered address and the right verifier', async () => {
    const origin = cloud.url;
    const landing = `${origin}/signed-in`;
    const plain = authorisation(origin).address.replace(/&code_challenge[^&]*/g, '');
    const { at } = await new Browser().follow(plain, landing);
    assert.equal(new URL(at).searchParams.get('error'), 'invalid_request');
    const foreign = authorisation(origin, { redirect_uri: 'https://evil.example/' }).address;
    const refused = await new Browser().follow(foreign, landing);
    assert.equal(refused.answer.status, 400);
    const { address } = authorisation(origin);
    const landed = await new Browser().follow(address, landing);
    await assert.rejects(exchange(origin, landed.at, 'a'.repeat(43)), /invalid_grant/);
  });

  test('gives a new refresh token each time and takes no old one', async () => {
    const first = await signIn(cloud.url);
    const second = (await (await refresh(first.refresh_token)).json()) as typeof first;
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await api(second.access_token)).status, 200);
    assert.equal((await refresh(first.refresh_token)).status, 400);
    // Somebody has a copy: the whole family ends.
    assert.equal((await refresh(second.refresh_token)).status, 400);
  });

  test('refuses the token endpoint to pages of other origins', async () => {
    const { refresh_token } = await signIn(cloud.url);
    const answer = await fetch(`${cloud.url}/oidc/token`, {
      method: 'POST',
      headers: { origin: 'http://localhost:1' },
      body: new URLSearchParams({ client_id: 'mailferry-app', grant_type: 'refresh_token', refresh_token }),
    });
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal(answer.status, 400);
  });

  test('survives a restart on the same port, before which no process is left', async () => {
    const browser = new Browser();
    const tokens = await signIn(cloud.url, browser);
    const port = Number(new URL(cloud.url).port);
    const pids = cloud.pids();
    assert.equal(pids.length, 4);
    await Promise.all([cloud.stop(), cloud.stop()]);
    for (const pid of pids) assert.ok(await isGone(pid), `process ${pid} is still there`);
    await assert.rejects(fetch(`${cloud.url}/config.json`));
    cloud = await start('main', { port });
    assert.equal((await api(tokens.access_token)).status, 200);
    assert.equal((await refresh(tokens.refresh_token)).status, 200);
    const silent = authorisation(cloud.url, { prompt: 'none' });
    const { at } = await browser.follow(silent.address, `${cloud.url}/signed-in`);
    assert.equal(new URL(at).searchParams.get('error'), null);
  });

  test('ends with a page that asks, without a script', async () => {
    const browser = new Browser();
    const tokens = await signIn(cloud.url, browser);
    const address = `${cloud.url}/oidc/session/end?${new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${cloud.url}/`,
    })}`;
    const page = await (await browser.request(address)).text();
    assert.doesNotMatch(page, /<script/);
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const left = await browser.request(action, { method: 'POST', body });
    assert.equal(left.headers.get('location'), `${cloud.url}/`);
    const silent = authorisation(cloud.url, { prompt: 'none' });
    const { at } = await browser.follow(silent.address, `${cloud.url}/signed-in`);
    assert.equal(new URL(at).searchParams.get('error'), 'login_required');
  });
});

test('with a password the sign-in asks for it on a page without a script', async () => {
  const locked = await start('locked', { password: 'correct horse' });
  try {
    const browser = new Browser();
    const { address, verifier } = authorisation(locked.url);
    const landing = `${locked.url}/signed-in`;
    const { at, answer } = await browser.follow(address, landing);
    const page = await answer.text();
    assert.match(page, /<label for="password">/);
    assert.doesNotMatch(page, /<script/);
    const send = (password: string) =>
      browser.request(at, { method: 'POST', body: new URLSearchParams({ password }) });
    const wrong = await send('wrong horse');
    assert.equal(wrong.status, 401);
    assert.match(await wrong.text(), /role="alert"/);
    const right = await send('correct horse');
    const next = new URL(right.headers.get('location') ?? '', at).href;
    const tokens = await exchange(locked.url, (await browser.follow(next, landing)).at, verifier);
    assert.equal(decodeJwt(tokens.access_token).sub, 'local');
  } finally {
    await locked.stop();
  }
});

describe('the end of the cloud', () => {
  test('leaves no process after a SIGKILL, and the data folder can be used again', async () => {
    const data = join(folder, 'killed');
    const script = fileURLToPath(new URL('./local/cloud-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { pids } = JSON.parse(line.toString()) as { pids: number[] };
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await until('all processes are gone', async () => {
      const gone = await Promise.all(pids.map(isGone));
      return gone.every(Boolean);
    });
    const next = await start('killed');
    assert.equal((await fetch(`${next.url}/config.json`)).status, 200);
    await next.stop();
  });

  test('brings the table back when its process ends', async () => {
    const [table = 0] = cloud.pids();
    process.kill(table, 'SIGKILL');
    await until('another table process', () => cloud.pids().length === 4 && cloud.pids()[0] !== table);
  });
});
