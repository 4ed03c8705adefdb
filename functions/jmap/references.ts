import { z } from 'zod';
import { MethodError } from './errors.ts';
import { MAX_REFERENCES } from './limits.ts';
import type { Invocation } from './types.ts';

const resultReference = z.object({ resultOf: z.string(), name: z.string(), path: z.string() });

/**
 * The arguments with every `#name` replaced by what its ResultReference points to: RFC 8620 section 3.7. Throws
 * MethodError `invalidArguments` for a name in both forms, `invalidResultReference` for what does not resolve.
 */
export function resolveReferences(
  args: Record<string, unknown>,
  responses: readonly Invocation[],
): Record<string, unknown> {
  const references = Object.keys(args).filter(name => name.startsWith('#'));
  if (references.length === 0) return args;
  if (references.length > MAX_REFERENCES) {
    throw new MethodError('invalidArguments', `There are more than ${MAX_REFERENCES} result references.`);
  }
  const resolved: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(args)) {
    if (!name.startsWith('#')) {
      resolved[name] = value;
      continue;
    }
    const real = name.slice(1);
    if (Object.hasOwn(args, real)) {
      throw new MethodError('invalidArguments', `The argument ${real} is given twice, once as a reference.`);
    }
    resolved[real] = resolve(name, value, responses);
  }
  return resolved;
}

function resolve(name: string, value: unknown, responses: readonly Invocation[]): unknown {
  const failed = (why: string) => new MethodError('invalidResultReference', `${name} ${why}.`);
  const reference = resultReference.safeParse(value);
  if (!reference.success) throw failed('is not a ResultReference');
  const { resultOf, name: responseName, path } = reference.data;
  const response = responses.find(([, , callId]) => callId === resultOf);
  if (!response) throw failed('names a call that has no response so far');
  if (response[0] !== responseName) throw failed('names another response than the one that call had');
  const found = evaluate(response[1], path);
  if (found === undefined) throw failed('has a path that leads nowhere');
  return found;
}

/** A JSON Pointer (RFC 6901) in which `*` maps through an array; undefined when it leads nowhere. */
export function evaluate(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (!path.startsWith('/') || /~(?![01])/.test(path)) return undefined;
  const tokens = path.slice(1).split('/');
  return step(
    value,
    tokens.map(token => token.replaceAll('~1', '/').replaceAll('~0', '~')),
  );
}

function step(value: unknown, tokens: readonly string[]): unknown {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (Array.isArray(value)) {
    if (token === '*') return mapThrough(value, rest);
    if (!/^(0|[1-9][0-9]*)$/.test(token)) return undefined;
    return step(value[Number(token)], rest);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return step((value as Record<string, unknown>)[token], rest);
}

function mapThrough(values: readonly unknown[], rest: readonly string[]): unknown[] | undefined {
  const mapped: unknown[] = [];
  for (const item of values) {
    const result = step(item, rest);
    if (result === undefined) return undefined;
    if (Array.isArray(result)) for (const inner of result) mapped.push(inner);
    else mapped.push(result);
  }
  return mapped;
}
