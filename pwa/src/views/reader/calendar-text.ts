/** One content line of iCalendar (RFC 5545 section 3.1). */
export interface Property {
  name: string;
  /** by name in capitals; the first value of each */
  parameters: Record<string, string>;
  value: string;
}

/** A component such as VEVENT, with what is inside it. */
export interface Component {
  name: string;
  properties: Property[];
  components: Component[];
}

/** Components inside each other, and lines, beyond which a calendar is not read. */
const DEEPEST = 8;
const MOST_LINES = 20_000;

function parseLine(line: string): Property | null {
  const parameters: Record<string, string> = {};
  const name = /^[\w-]+/.exec(line)?.[0];
  if (!name) return null;
  let rest = line.slice(name.length);
  for (;;) {
    const match = /^;([\w-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/.exec(rest);
    if (!match?.[1]) break;
    // RFC 6868: a quote and a line end within a parameter.
    const value = (match[2] ?? '').replaceAll('"', '').replaceAll("^'", '"').replaceAll('^n', '\n');
    parameters[match[1].toUpperCase()] ??= value;
    rest = rest.slice(match[0].length);
  }
  return rest.startsWith(':') ? { name: name.toUpperCase(), parameters, value: rest.slice(1) } : null;
}

/** Reads iCalendar text (RFC 5545) as far as it can be read; what it says of itself is not checked. Pure. */
export function readComponents(text: string): Component {
  const root: Component = { name: '', properties: [], components: [] };
  const open = [root];
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/, MOST_LINES);
  for (const line of lines) {
    const property = parseLine(line);
    const inside = open.at(-1);
    if (!property || !inside) continue;
    const value = property.value.trim().toUpperCase();
    if (property.name === 'BEGIN' && open.length < DEEPEST) {
      const component: Component = { name: value, properties: [], components: [] };
      inside.components.push(component);
      open.push(component);
    } else if (property.name === 'END') {
      if (open.length > 1 && inside.name === value) open.pop();
    } else inside.properties.push(property);
  }
  return root;
}

/** The text of a value (RFC 5545 section 3.3.11). */
export function textValue(value: string): string {
  return value
    .replace(/\\([nN,;\\])/g, (_whole, letter: string) => (/n/i.test(letter) ? '\n' : letter))
    .trim();
}

/** The first property of a name. */
export function property(component: Component, name: string): Property | null {
  return component.properties.find(one => one.name === name) ?? null;
}
