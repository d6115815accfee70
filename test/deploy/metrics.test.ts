import { measureProcess, registry } from '@veche/metrics';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import { read } from './compose-file';

const files = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.metrics.ts') && !file.includes('node_modules'))
    .map((file) => join(ROOT, folder, file)),
);

describe('docs/operate/metrics.md', () => {
  it('has each metric with its kind and its labels, and no other', async () => {
    for (const file of files) await import(file);
    measureProcess('gateway', '0.0.0');
    const metrics = registry.getMetricsAsArray() as unknown as {
      name: string;
      type: string;
      labelNames: string[];
    }[];
    const ours = metrics
      .filter(({ name }) => name.startsWith('veche_'))
      .map(({ name, type, labelNames }) => [`\`${name}\``, type, labelNames.join(', ')]);
    const documented = read('docs/operate/metrics.md')
      .split('\n')
      .filter((line) => line.startsWith('| `veche_'))
      .map((line) =>
        line
          .split('|')
          .slice(1, 4)
          .map((cell) => cell.trim()),
      );
    expect(documented.sort()).toEqual(ours.sort());
    for (const { name } of metrics) expect(name).toMatch(/^(veche|process|nodejs)_[a-z0-9_]+$/);
  });
});
