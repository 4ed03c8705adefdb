/** Plain line charts as SVG: legible in light and dark, without a library. Pure. */

export interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  dashed?: boolean;
}

export interface Chart {
  title: string;
  x: { label: string; ticks: readonly number[]; log?: boolean; text?: (value: number) => string };
  y: { label: string; ticks: readonly number[]; log?: boolean; text?: (value: number) => string };
  series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 76;
const RIGHT = 150;
const TOP = 44;
const BOTTOM = 52;
/** Told apart by those who see colours otherwise, too (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

/** The chart as a document. What lies beyond the outermost ticks is drawn at the edge. */
export function svgOf({ title, x, y, series }: Chart): string {
  const across = scale(x.ticks, x.log, LEFT, WIDTH - RIGHT);
  const up = scale(y.ticks, y.log, HEIGHT - BOTTOM, TOP);
  const grid = [
    ...y.ticks.map(tick => line(LEFT, up(tick), WIDTH - RIGHT, up(tick))),
    ...x.ticks.map(tick => line(across(tick), TOP, across(tick), HEIGHT - BOTTOM)),
  ];
  const labels = [
    ...y.ticks.map(tick => text(LEFT - 8, up(tick) + 4, (y.text ?? plain)(tick), 'end')),
    ...x.ticks.map(tick => text(across(tick), HEIGHT - BOTTOM + 18, (x.text ?? plain)(tick), 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x.label, 'middle'),
    text(8, TOP - 12, y.label, 'start'),
    `<text x="8" y="18" font-weight="bold">${escaped(title)}</text>`,
  ];
  const lines = series.map((one, i) => {
    const points = one.points.map(([px, py]) => `${across(px).toFixed(1)},${up(py).toFixed(1)}`);
    const colour = COLOURS[i % COLOURS.length];
    const dash = one.dashed ? ' stroke-dasharray="6 4"' : '';
    return `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${points.join(' ')}"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<g stroke="#ddd">${grid.join('')}</g>`,
    `<g fill="#222">${labels.join('')}</g>`,
    ...lines,
    legend(series, up),
    '</svg>\n',
  ].join('\n');
}

/** Names beside where the lines end, kept apart. */
function legend(series: readonly Series[], up: (value: number) => number): string {
  const ends = series
    .map(({ name, points }, i) => ({
      name,
      colour: COLOURS[i % COLOURS.length],
      y: up(points.at(-1)?.[1] ?? 0),
    }))
    .sort((a, b) => a.y - b.y);
  const lowest = HEIGHT - BOTTOM - 16 * (ends.length - 1);
  let above = TOP - 16;
  const named = ends.map(({ name, colour, y }, i) => {
    above = Math.max(above + 16, Math.min(y, lowest + 16 * i));
    return `<text x="${WIDTH - RIGHT + 8}" y="${(above + 4).toFixed(1)}" fill="${colour}">${escaped(name)}</text>`;
  });
  return named.join('');
}

function scale(ticks: readonly number[], log: boolean | undefined, from: number, to: number) {
  const of = (value: number) => (log ? Math.log(Math.max(value, Number.MIN_VALUE)) : value);
  const [first, last] = [of(ticks[0] ?? 0), of(ticks.at(-1) ?? 1)];
  return (value: number) =>
    from + Math.min(1, Math.max(0, (of(value) - first) / (last - first))) * (to - from);
}

const line = (x1: number, y1: number, x2: number, y2: number) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"/>`;
const text = (x: number, y: number, content: string, anchor: string) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;
const plain = (value: number) => value.toLocaleString('en');
const escaped = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
