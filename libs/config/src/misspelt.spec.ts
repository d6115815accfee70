import { Config } from './config';
import { misspelt } from './misspelt';

const OURS = [
  ...Object.keys(new Config()),
  'DATABASE_URL',
  'AUTH_DATABASE_URL',
  'REDIS_URL',
  'SERVICE_TOKEN',
];

describe('the name of a variable', () => {
  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['REDISURL', 'REDIS_URL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['ACCES_TOKEN_TTL', 'ACCESS_TOKEN_TTL'],
    ['SERVICE_TOKN', 'SERVICE_TOKEN'],
    ['REGISTARTION', 'REGISTRATION'],
    ['LOGLEVEL', 'LOG_LEVEL'],
  ])('%s is not taken for somebody else’s', (given, meant) => {
    expect(misspelt([given], OURS)).toEqual([`${given} is unknown: is it ${meant}?`]);
  });

  it.each([
    'PATH',
    'HOSTNAME',
    'POSTGRES_PASSWORD',
    'PGPORT',
    'REDIS_PORT',
    'AUTH_PORT',
    'npm_config_cache',
    'POST',
  ])('%s is left to whom it belongs to', (given) => expect(misspelt([given], OURS)).toEqual([]));

  it('that is right is no mistake', () => expect(misspelt(OURS, OURS)).toEqual([]));
});
