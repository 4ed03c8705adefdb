import { z } from 'zod';
import { customerSchema } from './schema.ts';

/** The customer file as documents: for people (docs/customers.md) and for editors (docs/customers.schema.json). */

/** A JSON Schema (2020-12), as far as a customer file needs it. */
const schemaNode = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  examples: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get anyOf() {
    return z.array(schemaNode).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), schemaNode]).optional();
  },
});

/** A field or group of the customer file. */
export type SchemaNode = z.infer<typeof schemaNode>;

const jsonSchema = () => customerSchema.toJSONSchema({ io: 'input' });

/** The JSON Schema of a customer file, for the editor that reads its `$schema`. */
export const editorSchema = (): string => `${JSON.stringify(jsonSchema(), null, 2)}\n`;

/** The root of the schema, for who looks at every field. */
export const rootNode = (): SchemaNode => schemaNode.parse(jsonSchema());

/**
 * docs/customers.md: a table of every field, with what it may be, its default and what it means, group by group.
 * @param examples the text of customer files by their name
 */
export function customersDocument(examples: Readonly<Record<string, string>>): string {
  return [
    '# The customer file',
    'Each customer is one file, `infra/customers/<id>.json`; nothing else differs between customers. Unknown fields are\n' +
      'refused, and a file with a mistake stops everything before anything is deployed, with a line for each field. A\n' +
      'customer needs `id`, `region`, `awsAccount` and `alarms.email`: the rest has defaults. With `"$schema":\n' +
      '"../../docs/customers.schema.json"` an editor knows the fields, too. Prices are those of us-east-1.',
    '*This page is made from `infra/customers/schema.ts` by `npm run docs`.*',
    ...groups('', rootNode()),
    '## Examples',
    ...Object.entries(examples).map(([name, text]) => `\`${name}\`:\n\n\`\`\`json\n${text.trim()}\n\`\`\``),
    '',
  ].join('\n\n');
}

/** A table of the plain fields of a group, and then each of its groups. */
function groups(path: string, node: SchemaNode): string[] {
  const fields = Object.entries(node.properties ?? {});
  const plain = fields.filter(([, field]) => !groupOf(field));
  const rows = plain.map(([name, field]) => row(name, field, node.required?.includes(name) ?? false));
  const nested = fields.flatMap(([name, field]) => {
    const group = groupOf(field);
    if (!group) return [];
    const below = `${path}${name}${group === field ? '' : '.<name>'}`;
    const must = node.required?.includes(name) ? ' Required.' : '';
    return [`## \`${below}\``, `${field.description ?? ''}${must}`, ...groups(`${below}.`, group)];
  });
  const table = ['| Field | May be | Default | Means |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return [...(rows.length > 0 ? [table] : []), ...nested];
}

/** The fields below a field: its own, or those of each entry where the names are free. */
function groupOf(field: SchemaNode): SchemaNode | null {
  if (field.properties) return field;
  const each = field.additionalProperties;
  return typeof each === 'object' && each.properties ? each : null;
}

function row(name: string, field: SchemaNode, isRequired: boolean): string {
  const value = field.default === undefined ? '' : code(field.default);
  return `| \`${name}\` | ${mayBe(field)} | ${isRequired ? '**required**' : value} | ${cell(field.description ?? '')} |`;
}

/** What a field may be, in words. */
function mayBe(field: SchemaNode): string {
  const { type, minimum, maximum, exclusiveMinimum, items } = field;
  if (field.enum) return field.enum.map(code).join(', ');
  const examples = (field.examples ?? []).map(code).join(', ');
  if (examples) return `${items ? 'a list, ' : ''}such as ${examples}`;
  if (items) return `a list: ${mayBe(items)}`;
  if (field.anyOf) return [...new Set(field.anyOf.map(mayBe))].join(' or ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'object') return 'names and texts';
  if (type === 'integer' || type === 'number') {
    const upTo = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum;
    if (exclusiveMinimum !== undefined) return `more than ${exclusiveMinimum}`;
    return upTo === null ? `${minimum} or more` : `${minimum} to ${upTo}`;
  }
  return formats[field.format ?? ''] ?? 'text';
}

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uri: 'an address, https',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const cell = (text: string) => text.replaceAll('|', '\\|');
