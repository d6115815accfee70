import { Config } from './config';
import { loadConfig } from './load-config';

describe('the configuration', () => {
  const before = { ...process.env };
  /** With these variables, and no other of ours. */
  const load = (variables: Record<string, string>, ...required: Parameters<typeof loadConfig>) => {
    const unset = Object.fromEntries(
      [
        ...Object.keys(new Config()),
        'DATABASE_URL',
        'AUTH_DATABASE_URL',
        'CHAT_DATABASE_URL',
        'SERVICE_TOKEN',
      ].map((name) => [name, '']),
    );
    process.env = { ...before, ...unset, ...variables };
    return loadConfig(...required);
  };
  afterEach(() => {
    process.env = before;
  });

  it('needs nothing to be set', () => {
    expect(load({})).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, DATA_DIR: './data', APPS: ['veche'] });
  });

  it('reads numbers, lists and flags', () => {
    const config = load({ PORT: '9000', APPS: 'veche, shop', TRUST_PROXY: 'true', SECURE_COOKIES: 'false' });
    expect(config).toMatchObject({
      PORT: 9000,
      APPS: ['veche', 'shop'],
      TRUST_PROXY: true,
      SECURE_COOKIES: false,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const { PORT, DATABASE_URL } = load({ PORT: '', DATABASE_URL: '' });
    expect([PORT, DATABASE_URL]).toEqual([8080, undefined]);
  });

  it('has one database for both services, unless each has its own', () => {
    const [one, own] = ['postgres://one/veche', 'postgres://two/chat'];
    expect(load({ DATABASE_URL: one, CHAT_DATABASE_URL: own })).toMatchObject({
      AUTH_DATABASE_URL: one,
      CHAT_DATABASE_URL: own,
    });
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['TRUST_PROXY', 'yes'],
    ['DATABASE_URL', 'mysql://hunter22@there'],
    ['REDIS_URL', 'hunter22'],
    ['JWT_SECRET', 'hunter22'],
    ['SERVICE_TOKEN', 'hunter22'],
    ['REGISTRATION', 'sometimes'],
    ['LOG_LEVEL', 'loud'],
    ['AUTH_GRPC_URL', 'no port'],
  ])('does not start with a bad %s, and says its name and not its value', (name, value) => {
    expect(() => load({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.stringContaining(name) }),
    );
    expect(() => load({ [name]: value })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(value) }),
    );
  });

  it('does not start without what the process needs', () => {
    expect(() => load({}, ['SERVICE_TOKEN', 'AUTH_DATABASE_URL'])).toThrow(
      'SERVICE_TOKEN must be set; AUTH_DATABASE_URL must be set',
    );
  });
});
