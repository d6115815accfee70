import type { Results } from './results';

const WIDTH = 720;
const [LABEL, BAR, GAP, TITLE] = [200, 18, 6, 30];
const COLOURS: Record<string, string> = { bare: '#9aa5b1', postgres: '#1f6feb', embedded: '#79b8ff' };
const NAMES: Record<string, string> = {
  bare: 'Socket.IO, nothing stored',
  postgres: 'Veche, PostgreSQL',
  embedded: 'Veche, embedded database',
};

interface Group {
  readonly title: string;
  readonly bars: readonly { readonly on: string; readonly value: number }[];
}

/** The figures of a run as an SVG: a group of bars for each scenario, each group with a scale of its own. */
export const picture = ({ traffic }: Results): string => {
  const group = (key: string, title: string, of: (f: Results['traffic'][number]) => number): Group => ({
    title,
    bars: traffic.filter((f) => f.key === key).map((f) => ({ on: f.on, value: of(f) })),
  });
  const groups = [
    group('a', 'Rooms of 100, saturated: deliveries a second', (f) => f.deliveriesPerSecond),
    group('b', 'Rooms of 10, saturated: sends a second', (f) => f.sendsPerSecond),
    group('d', 'One room of 5,000: deliveries a second', (f) => f.deliveriesPerSecond),
    group('c', '50,000 deliveries a second: p99 in milliseconds (less is better)', (f) => f.delivered.p99),
  ].filter(({ bars }) => bars.length > 0);
  let y = 10;
  const parts = groups.map(({ title, bars }) => {
    const most = Math.max(...bars.map((b) => b.value));
    const lines = [`<text x="10" y="${y + 14}" font-weight="600">${title}</text>`];
    y += TITLE - 4;
    for (const { on, value } of bars) {
      const length = Math.max(1, (value / most) * (WIDTH - LABEL - 90));
      lines.push(
        `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${NAMES[on] ?? on}</text>`,
        `<rect x="${LABEL}" y="${y}" width="${length.toFixed(0)}" height="${BAR}" rx="2" fill="${COLOURS[on] ?? '#888'}"/>`,
        `<text x="${(LABEL + length + 6).toFixed(0)}" y="${y + 13}">${number(value)}</text>`,
      );
      y += BAR + GAP;
    }
    y += 12;
    return lines.join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="13" fill="#24292f">
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
};

const number = (value: number): string =>
  value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');
