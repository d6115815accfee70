import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(__dirname, '..');
const styles = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.css'),
);

/** The blocks in which a pointer is known to hover. */
const HOVERS = /@media \(hover: hover\) \{\n(?:(?: {2}.*)?\n)*?\}\n/g;

test.each(styles)('where a finger was nothing looks as under a mouse: %s', (name) => {
  const css = readFileSync(join(SOURCES, name), 'utf8');
  // a browser holds that what was touched last is hovered, until something else is touched
  expect(css.replace(HOVERS, '')).not.toMatch(/(?<!:not\():hover/);
});

test('there are styles to look at', () => expect(styles.length).toBeGreaterThan(20));
