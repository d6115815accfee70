import 'reflect-metadata';
import { ConfigurationError, loadConfig } from '@veche/config';
import { checkConfiguration } from './operate/config-check';
import { doctor } from './operate/doctor';
import { DIRECTIONS, type Direction, migrate, SERVICES, type Service } from './operate/migrate';

/** What operators call as `veche migrate`, `veche config` and `veche doctor`: it needs the server's code. */
const run = async ([command, ...given]: string[]): Promise<boolean> => {
  if (command === 'config') return checkConfiguration(console.log);
  if (command === 'doctor') return doctor(console.log);
  const [direction, service] = given as [Direction, Service | undefined];
  const isKnown = DIRECTIONS.includes(direction) && (service === undefined || SERVICES.includes(service));
  if (command !== 'migrate' || !isKnown)
    throw new Error('usage: migrate up|down|status [auth|chat], config check, doctor');
  return migrate(loadConfig(), direction, service ? [service] : SERVICES, console.log);
};

run(process.argv.slice(2)).then(
  (good) => process.exit(good ? 0 : 1),
  (error: unknown) => {
    // where in our code it was found out helps nobody who has to mend a setting
    console.error(error instanceof ConfigurationError || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
