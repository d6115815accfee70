import { cString, message, query, SYNC } from './protocol';
import { Session } from './session';

const parse = (name: string, sql: string): Buffer =>
  message('P', cString(name), cString(sql), Buffer.alloc(2));
const bind = (portal: string, name: string): Buffer =>
  message('B', cString(portal), cString(name), Buffer.alloc(6));
const describeStatement = (name: string): Buffer => message('D', Buffer.from('S'), cString(name));
const describePortal = (name: string): Buffer => message('D', Buffer.from('P'), cString(name));
const execute = message('E', cString(''), Buffer.alloc(4));
const FLUSH = message('H');

const batchesOf = (session: Session): Buffer[] => {
  const batches: Buffer[] = [];
  for (let next = session.take(); next; next = session.take()) batches.push(next.bytes);
  return batches;
};

describe('a session', () => {
  it('gathers messages up to a Sync, and takes a simple query by itself', () => {
    const session = new Session(1);
    const messages = [parse('', 'SELECT 1'), bind('', ''), execute];
    messages.forEach((m) => session.add(m));
    expect(session.hasBatch).toBe(false);
    session.add(SYNC);
    session.add(query('SELECT 2'));
    expect(batchesOf(session)).toEqual([Buffer.concat([...messages, SYNC]), query('SELECT 2')]);
  });

  it('gives prepared statements names that no other session has, and leaves portals alone', () => {
    const said = (id: number): string => {
      const session = new Session(id);
      for (const m of [
        parse('s', 'SELECT 1'),
        bind('s', 's'),
        describeStatement('s'),
        describePortal('s'),
        SYNC,
      ])
        session.add(m);
      return batchesOf(session).toString();
    };
    expect(said(1)).toBe(
      Buffer.concat([
        parse('1_0', 'SELECT 1'),
        bind('s', '1_0'),
        describeStatement('1_0'),
        describePortal('s'),
        SYNC,
      ]).toString(),
    );
    expect(said(2)).not.toBe(said(1));
  });

  it('holds the backend from the beginning of a transaction to its end', () => {
    const session = new Session(1);
    const held = (['T', 'E', 'I'] as const).map((status) => {
      session.ran(status);
      return session.holdsBackend;
    });
    expect(held).toEqual([true, true, false]);
  });

  it('holds the backend between a Flush and its Sync', () => {
    const session = new Session(1);
    session.add(parse('', 'SELECT 1'));
    session.add(FLUSH);
    expect(session.take()?.flush).toBe(true);
    session.ran(undefined);
    expect(session.holdsBackend).toBe(true);
    session.ran('I');
    expect(session.holdsBackend).toBe(false);
  });

  it('leaves nothing behind', () => {
    const session = new Session(1);
    session.add(parse('s', 'SELECT 1'));
    session.add(FLUSH);
    session.ran('T');
    session.ran(undefined);
    const close = message('C', Buffer.from('S'), cString('1_0'));
    expect(session.farewell()).toEqual([SYNC, query('ROLLBACK'), Buffer.concat([close, SYNC])]);
    expect(new Session(2).farewell()).toEqual([]);
  });

  it.each([
    'LISTEN news',
    'select 1; listen news',
    'COPY t FROM STDIN',
    ' copy t (a, b)\nfrom stdin with (format csv)',
  ])('has the server refuse %j', (sql) => {
    const session = new Session(1);
    session.add(query(sql));
    session.add(parse('', sql));
    session.add(SYNC);
    for (const batch of batchesOf(session)) expect(batch.toString()).toContain('RAISE feature_not_supported');
  });

  it.each(['COPY t TO STDOUT', "SELECT 'listen'", 'SELECT listening FROM radios'])('lets %j pass', (sql) => {
    const session = new Session(1);
    session.add(query(sql));
    expect(batchesOf(session)).toEqual([query(sql)]);
  });
});
