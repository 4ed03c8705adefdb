/** A cloud in a process of its own, to be killed: prints its address and process ids, then runs until it is ended. */
import { startCloud } from '../../../infra/local/cloud.ts';

const [data = ''] = process.argv.slice(2);
const echo = new URL('./echo.ts', import.meta.url).href;
const cloud = await startCloud({ port: 0, data, functions: { api: echo, sync: echo, dispatch: echo } });
console.log(JSON.stringify({ url: cloud.url, pids: cloud.pids() }));
