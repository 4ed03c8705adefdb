import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';

describe('the edge functions', () => {
  interface ViewerRequest {
    uri: string;
    headers: Record<string, { value: string }>;
  }
  const run = (file: string, request: ViewerRequest): ViewerRequest => {
    const code = readFileSync(join('infra/stack/edge', file), 'utf8');
    const context = { event: { request } };
    return runInNewContext(`${code}\nhandler(event)`, context);
  };
  const asked = (uri: string): ViewerRequest => ({ uri, headers: { host: { value: 'mail.example.org' } } });

  it('answer the app for its own paths and files for the rest', () => {
    assert.equal(run('app-request.js', asked('/')).uri, '/index.html');
    assert.equal(run('app-request.js', asked('/accounts/A1/mailboxes/M2')).uri, '/index.html');
    assert.equal(run('app-request.js', asked('/assets/index-abc.js')).uri, '/assets/index-abc.js');
  });

  it('tell the API at which host the device knows it, whatever the device claims', () => {
    const request = asked('/jmap/api');
    request.headers['x-forwarded-host'] = { value: 'evil.example' };
    assert.equal(run('api-request.js', request).headers['x-forwarded-host']?.value, 'mail.example.org');
  });
});
