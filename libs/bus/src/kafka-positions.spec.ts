import { Positions } from './kafka-positions';

const at = (partition: number): string => Positions.key('topic', partition);

describe('where we are in partitions', () => {
  it('tells what lies before us there, as far as brokers have said where they end', () => {
    const positions = new Positions();
    positions.offsets.set(at(0), 10n).set(at(1), 20n).set(at(2), 30n);
    expect(positions.behind).toBe(0);
    positions.endsAt(at(0), 15n);
    positions.endsAt(at(1), 120n);
    // a broker that has just become the leader may know less than the one before
    positions.endsAt(at(2), 29n);
    expect(positions.behind).toBe(105);
    positions.offsets.set(at(1), 120n);
    expect(positions.behind).toBe(5);
  });

  it('forgets what is not read any more', () => {
    const positions = new Positions();
    positions.offsets.set(at(0), 10n).set(at(1), 20n);
    positions.endsAt(at(0), 15n);
    positions.endsAt(at(1), 21n);
    positions.leave(at(0));
    expect(positions.behind).toBe(1);
    // who comes back begins at the end, wherever that is by then
    positions.offsets.set(at(0), 9n);
    expect(positions.behind).toBe(1);
    positions.clear();
    expect([positions.behind, positions.offsets.size]).toEqual([0, 0]);
  });

  it('reads a part where it was and where it is, when a topic has grown', () => {
    const positions = new Positions();
    const parts = new Set([1, 6]);
    expect([...positions.partitionsOf('topic', 4, parts)].sort()).toEqual([1, 2]);
    expect([...positions.partitionsOf('topic', 7, parts)].sort()).toEqual([1, 2, 6]);
    // what is new is read from its beginning
    expect([...positions.offsets]).toEqual([[at(6), 0n]]);
  });
});
