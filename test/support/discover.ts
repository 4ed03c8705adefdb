import { execFileSync } from 'node:child_process';
import type { LookupAddress, MxRecord, SrvRecord } from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Resolver } from '../../functions/source/discover/network.ts';

type Cleanup = Pick<TestContext, 'after'>;

/** What a made-up DNS knows; every other name does not exist. */
export interface Zone {
  mx?: Record<string, readonly string[]>;
  /** `_imaps._tcp.example.org` -> records */
  srv?: Record<string, readonly Partial<SrvRecord>[]>;
  /** host -> addresses */
  hosts?: Record<string, readonly string[]>;
}

/** A resolver over a zone; `asked` holds every name whose addresses were asked for. */
export function fakeResolver({ mx = {}, srv = {}, hosts = {} }: Zone): Resolver & { asked: string[] } {
  const asked: string[] = [];
  const missing = (code: string) => Object.assign(new Error(code), { code });
  const exists = (domain: string) =>
    [...Object.keys(hosts), ...Object.keys(srv)].some(name => `.${name}`.endsWith(`.${domain}`));
  return {
    asked,
    async resolveMx(domain): Promise<MxRecord[]> {
      const found = mx[domain];
      if (!found) throw missing(exists(domain) ? 'ENODATA' : 'ENOTFOUND');
      return found.map((exchange, index) => ({ exchange, priority: index }));
    },
    async resolveSrv(name) {
      const found = srv[name];
      if (!found) throw missing('ENOTFOUND');
      return found.map(record => ({ name: '.', port: 0, priority: 0, weight: 0, ...record }));
    },
    async lookup(host): Promise<LookupAddress[]> {
      asked.push(host);
      const found = hosts[host];
      if (!found) throw missing('ENOTFOUND');
      return found.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
}

/** A new certificate for these names, which is its own authority, and its key; both PEM. */
export function testCertificate(names: readonly string[]): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mailferry-cert-'));
  try {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const request =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test';
    const alternatives = `subjectAltName=${names.map(name => `DNS:${name}`).join()}`;
    const output = ['-addext', alternatives, '-keyout', key, '-out', cert];
    execFileSync('openssl', [...request.split(' '), ...output], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An HTTPS server on a free loopback port; gives the port and ends with the test. */
export async function testHttps(
  t: Cleanup,
  certificate: { cert: string; key: string },
  listener: RequestListener,
): Promise<number> {
  const server = createServer(certificate, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** One incomingServer of an autoconfig file. */
export function incomingServer(type: string, host: string, port: number, more: Record<string, string> = {}) {
  const fields = { socketType: 'SSL', username: '%EMAILADDRESS%', authentication: 'password-cleartext' };
  const elements = Object.entries({ hostname: host, port: String(port), ...fields, ...more });
  return `<incomingServer type="${type}">${elements.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</incomingServer>`;
}

/** An autoconfig file of Mozilla's format with these servers. */
export function autoconfigFile(...servers: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="example.org"><domain>example.org</domain>
<displayName>Example</displayName>${servers.join('\n')}
<outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port></outgoingServer>
</emailProvider></clientConfig>`;
}
