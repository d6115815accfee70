import 'reflect-metadata';
import { ConfigurationError, loadConfig } from '@veche/config';
import { backup } from './operate/backup';
import { checkConfiguration } from './operate/config-check';
import { doctor } from './operate/doctor';
import { rebuildSearch } from './operate/search';
import { listKeys, rotateKeys, type Rotation } from './operate/keys';
import { DIRECTIONS, type Direction, migrate, SERVICES, type Service } from './operate/migrate';
import { cancelMove, move } from './operate/move';
import { checkArchive, restore } from './operate/restore';
import { parseArgs } from 'node:util';

const USAGE =
  'usage: migrate up|down|status [auth|chat], config check, doctor, rebuild search, backup FILE, restore FILE, ' +
  'restore --check FILE, move --to PLACE, move --cancel, keys list, ' +
  'keys rotate [--in SECONDS] [--drop-old] [--to FILE]';

/** Who wants a key later than in thirty days makes it later. */
const MAX_WAIT_S = 2_592_000;

/** What operators call as `veche migrate`, `veche doctor` and the like: it needs the server's code. */
const run = async ([command, ...given]: string[]): Promise<boolean> => {
  if (command === 'config') return checkConfiguration(console.log);
  if (command === 'doctor') return doctor(console.log);
  if (command === 'rebuild' && given.length === 1 && given[0] === 'search')
    return rebuildSearch(loadConfig(), console.log);
  if (command === 'backup' || command === 'restore' || command === 'move') {
    await copy(command, given);
    return true;
  }
  if (command === 'keys') {
    await keys(given);
    return true;
  }
  const [direction, service] = given as [Direction, Service | undefined];
  const isKnown = DIRECTIONS.includes(direction) && (service === undefined || SERVICES.includes(service));
  if (command !== 'migrate' || !isKnown) throw new Error(USAGE);
  return migrate(loadConfig(), direction, service ? [service] : SERVICES, console.log);
};

const keys = async ([action, ...given]: readonly string[]): Promise<void> => {
  if (action === 'list' && given.length === 0) return listKeys(loadConfig(), console.log);
  if (action !== 'rotate') throw new Error(USAGE);
  const { values } = parseArgs({
    args: given,
    options: { in: { type: 'string' }, 'drop-old': { type: 'boolean' }, to: { type: 'string' } },
  });
  const seconds = values.in === undefined ? undefined : Number(values.in);
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_WAIT_S))
    throw new Error(`--in is a number of seconds, ${MAX_WAIT_S} at most`);
  const rotation: Rotation = {
    ...(seconds === undefined ? {} : { in: seconds }),
    ...(values['drop-old'] ? { dropOld: true } : {}),
    ...(values.to === undefined ? {} : { to: values.to }),
  };
  return rotateKeys(loadConfig(), rotation, console.log);
};

/** Interrupted, they leave what can be gone on with and nothing else; at the second time they end at once. */
const copy = async (command: 'backup' | 'restore' | 'move', given: readonly string[]): Promise<void> => {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopped.abort(new Error('It was interrupted.')));
  const doing = { say: console.log, output: process.stderr, signal: stopped.signal };
  const [first, second] = given;
  if (command === 'backup' && first && !second) return backup(loadConfig(), first, doing);
  if (command === 'restore' && first === '--check' && second) return checkArchive(second, doing);
  if (command === 'restore' && first && !second) return restore(loadConfig(), first, doing);
  if (command === 'move' && first === '--cancel') return cancelMove(loadConfig(), doing);
  if (command === 'move' && first === '--to' && second) return move(loadConfig(), second, doing);
  throw new Error(USAGE);
};

run(process.argv.slice(2)).then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    // where in our code it was found out helps nobody who has to mend a setting
    console.error(error instanceof ConfigurationError || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
