import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Demo, startDemo } from '../../infra/local/demo.ts';
import { copyApp, releaseNext } from './release.ts';

/** The demo on a free port with a folder of its own, as a test needs it. */
export interface LocalCloud {
  /** Stays the same when the demo is stopped and started again. */
  url: string;
  /** The demo that runs now. */
  demo(): Demo;
  /** Ends the demo; its data stays. */
  stop(): Promise<void>;
  /** Starts it again with the same data, at the same address. */
  start(): Promise<void>;
  /** Brings out a new version of the app. */
  release(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts the sample mail server and the local cloud, and waits until all sample mail is pulled. */
export async function startLocalCloud(): Promise<LocalCloud> {
  const data = await mkdtemp(join(tmpdir(), 'mailferry-e2e-'));
  const app = await copyApp(data);
  let demo = await startDemo({ port: 0, data, app, quiet: true });
  const { url } = demo;
  let running = true;
  const stop = async () => {
    running = false;
    await demo.stop();
  };
  return {
    url,
    demo: () => demo,
    stop,
    async start() {
      demo = await startDemo({ port: Number(new URL(url).port), data, app, quiet: true });
      running = true;
    },
    release: () => releaseNext(app),
    async remove() {
      if (running) await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
