import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { build } from 'esbuild';

/**
 * What is in the code of each function. IAM says nothing of mail servers: a Lambda function outside of a VPC reaches the
 * whole Internet. So that only sync reaches mail servers is shown by what the others have no code for.
 */

/** Modules of Node by which a program reaches others. `node:net` is looked at more closely. */
const REACHES = /^(node:)?(tls|http|https|http2|dgram|dns|dns\/promises)$/;
/** What tells whether a text is an IP address, and reaches nobody. */
const HARMLESS_OF_NET =
  /^import \{ (isIP|isIPv4|isIPv6|BlockList)(, (isIP|isIPv4|isIPv6|BlockList))* \} from 'node:net';$/m;
const MAIL_CLIENTS = ['imapflow', 'node-pop3', 'socks'];

interface Code {
  /** Files of ours that something is left of. */
  ours: string[];
  /** Packages that something is left of; the AWS SDK is left out. */
  packages: Set<string>;
  /** Modules of Node that each file of ours imports. */
  modules(file: string): string[];
}

async function codeOf(entry: string): Promise<Code> {
  const { metafile } = await build({
    entryPoints: [`functions/${entry}.ts`],
    ...{ bundle: true, write: false, metafile: true, outdir: 'none', logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', target: 'node22', mainFields: ['module', 'main'] },
    external: ['@aws-sdk/*', '@smithy/*'],
  });
  const kept = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter(file => (inputs[file]?.bytesInOutput ?? 0) > 0),
  );
  return {
    ours: kept.filter(file => file.startsWith('functions/')),
    packages: new Set(kept.flatMap(file => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])),
    modules: file =>
      metafile.inputs[file]?.imports.flatMap(({ path, external }) => (external ? path : [])) ?? [],
  };
}

const entries = readdirSync('functions').flatMap(
  name => /^(dispatch|sync|api|sweep)\.ts$/.exec(name)?.[1] ?? [],
);
const codes = new Map(await Promise.all(entries.map(async entry => [entry, await codeOf(entry)] as const)));
const code = (entry: string) => codes.get(entry) ?? assert.fail(`no function ${entry}`);

describe('the code of the functions', () => {
  it('of sync alone speaks IMAP, POP and with token endpoints', () => {
    const sync = code('sync');
    for (const file of ['imap-transport', 'pop3-socket', 'token-endpoint'])
      assert.ok(sync.ours.includes(`functions/source/${file}.ts`), `${file} is not what sync uses any more`);
    assert.ok(sync.packages.has('imapflow') && sync.packages.has('node-pop3'), String([...sync.packages]));
  });

  for (const entry of ['dispatch', 'api', 'sweep']) {
    it(`of ${entry} has no mail client in it`, () => {
      const { packages, ours } = code(entry);
      assert.ok(ours.includes(`functions/${entry}.ts`), String(ours));
      assert.deepEqual(
        MAIL_CLIENTS.filter(name => packages.has(name)),
        [],
      );
      assert.deepEqual(
        ours.filter(file =>
          /^functions\/source\/(imap|pop3|open|guard|secure|oauth\.ts|discover\.ts)/.test(file),
        ),
        [],
      );
    });

    it(`of ${entry} reaches nothing but AWS`, () => {
      const { ours, modules } = code(entry);
      const reaching = ours.filter(file => {
        const imported = modules(file);
        if (imported.some(path => REACHES.test(path))) return true;
        const source = readFileSync(file, 'utf8');
        if (/\bfetch\(|\bnew (WebSocket|EventSource)\(/.test(source)) return true;
        return imported.some(path => /^(node:)?net$/.test(path)) && !HARMLESS_OF_NET.test(source);
      });
      assert.deepEqual(reaching, []);
    });
  }
});
