import type { Page } from 'playwright-core';
import type { Invocation } from '../../functions/jmap/types.ts';

export type Args = Record<string, unknown>;

/**
 * Changes what the server answers to one method: for mail servers and faults that a test cannot have. `asked` holds the
 * arguments of the calls. The server itself is not asked where `isAsked` is false.
 */
export async function answering(
  page: Page,
  method: string,
  change: (answer: Args, args: Args) => Args,
  isAsked = true,
) {
  const asked: Args[] = [];
  await page.route('**/jmap/api', async route => {
    const { methodCalls } = route.request().postDataJSON() as { methodCalls: Invocation[] };
    const mine = methodCalls.filter(([name]) => name === method);
    if (!mine.length) return route.fallback();
    asked.push(...mine.map(([, args]) => args));
    if (!isAsked) {
      const methodResponses = mine.map(([, args, id]) => [method, change({}, args), id]);
      return route.fulfill({ json: { methodResponses, sessionState: '' } });
    }
    const response = await route.fetch();
    const body = (await response.json()) as { methodResponses: Invocation[] };
    const methodResponses = body.methodResponses.map(([name, answer, id]): Invocation => {
      const call = mine.find(one => one[2] === id);
      return call ? [method, change(answer, call[1]), id] : [name, answer, id];
    });
    return route.fulfill({ response, json: { ...body, methodResponses } });
  });
  return asked;
}
