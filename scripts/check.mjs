// Everything that can be checked in a minute, two at a time, each with its own output when it fails.
// `--without unit`: for who runs the unit tests anyway.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const drift = `
  made() {
    git hash-object $(git ls-files -c -o --exclude-standard libs/contracts/src/gen '*.gen.json') | sort | git hash-object --stdin
  }
  before=$(made)
  npm run --silent gen || exit 1
  after=$(made)
  [ "$before" = "$after" ] || { echo 'generated code was out of date: commit what npm run gen has written'; exit 1; }`;
const breaking = `
  base=$(git rev-parse --verify -q origin/main || git rev-parse --verify -q HEAD) || exit 0
  git cat-file -e "$base:buf.yaml" 2>/dev/null || exit 0
  npx buf breaking --against "$(git rev-parse --path-format=absolute --git-common-dir)#format=git,ref=$base"`;

const checks = [
  ['types', 'npx tsc --noEmit -p tsconfig.json'],
  ['types of the web client', 'npx tsc --noEmit -p apps/web'],
  ['lint', 'npx eslint .'],
  ['format', 'npx prettier --check --cache --log-level warn .'],
  ['boundaries', 'npx depcruise --config .dependency-cruiser.cjs apps libs test'],
  ['contract', `npx buf lint && ${breaking}`],
  ['generated', drift],
  ['unit', 'npx jest --selectProjects unit --passWithNoTests'],
];

const run = ([name, command]) =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd());
      resolve(code === 0);
    });
  });

const { values } = parseArgs({ options: { without: { type: 'string', multiple: true, default: [] } } });
const queue = checks.filter(([name]) => !values.without.includes(name));
const lane = async () => {
  let good = true;
  for (let next = queue.shift(); next; next = queue.shift()) good = (await run(next)) && good;
  return good;
};
const results = await Promise.all([lane(), lane()]);
process.exit(results.every(Boolean) ? 0 : 1);
