import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { customersDocument, editorSchema } from './document.ts';

/** What `npm run docs` writes, by path; a test compares it with what is there. */
export function documents(): Record<string, string> {
  const examples = Object.fromEntries(
    readdirSync('infra/customers')
      .filter(name => name.endsWith('.json'))
      .sort()
      .map(name => [name, readFileSync(`infra/customers/${name}`, 'utf8')]),
  );
  return { 'docs/customers.md': customersDocument(examples), 'docs/customers.schema.json': editorSchema() };
}

if (import.meta.filename === process.argv[1]) {
  for (const [path, text] of Object.entries(documents())) writeFileSync(path, text);
}
