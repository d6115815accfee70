import { Looks } from './looks';
import type { Frames } from './frames';

class Looker {
  readonly open = true;
  readonly heard: unknown[] = [];
  readonly principal;
  constructor(userId: string) {
    this.principal = { userId } as never;
  }
  write(frames: Frames): void {
    this.heard.push(
      ...frames.packets.map((packet) => JSON.parse(packet.slice(packet.indexOf('['))) as unknown),
    );
  }
}

const [anna, boris, clara] = ['anna', 'boris', 'clara'].map((id) => new Looker(id)) as [
  Looker,
  Looker,
  Looker,
];
const everybody = [anna, boris, clara];
let looks: Looks<Looker>;
beforeEach(() => {
  jest.useFakeTimers();
  for (const { heard } of everybody) heard.length = 0;
  looks = new Looks<Looker>((_roomId, looker) => looker !== clara, Date.now);
  for (const looker of everybody) looks.enter('room', looker);
});
afterEach(() => {
  looks.close();
  jest.useRealTimers();
});

test('marks of a room are told at once for all who have read, to members who look', () => {
  for (let seq = 1; seq <= 100; seq++) looks.takeMark('room', `reader ${seq % 3}`, seq);
  looks.takeMark('elsewhere', 'anna', 1);
  jest.advanceTimersByTime(500);
  const marks = [
    { userId: 'reader 1', seq: 100 },
    { userId: 'reader 2', seq: 98 },
    { userId: 'reader 0', seq: 99 },
  ];
  expect(anna.heard).toEqual([['reads', { roomId: 'room', marks }]]);
  expect(boris.heard).toEqual(anna.heard);
  expect(clara.heard).toEqual([]);
});

test('who looks away is told nothing more, and who comes is told who writes', () => {
  looks.exit('room', boris);
  looks.takeTyping('room', 'dora', true);
  jest.advanceTimersByTime(200);
  const on = ['typing', { roomId: 'room', userId: 'dora', on: true }];
  expect([anna.heard, boris.heard]).toEqual([[on], []]);
  looks.enter('room', boris);
  looks.enter('room', clara);
  expect([boris.heard, clara.heard]).toEqual([[on], []]);
  jest.advanceTimersByTime(7_000);
  expect(anna.heard.at(-1)).toEqual(['typing', { roomId: 'room', userId: 'dora', on: false }]);
});

test('that somebody writes is not told to themself', () => {
  looks.takeTyping('room', 'anna', true);
  jest.advanceTimersByTime(200);
  expect([anna.heard.length, boris.heard.length]).toEqual([0, 1]);
});

test('a connection looks at fifty rooms, and one more ends the look at the first', () => {
  for (let i = 1; i <= 50; i++) looks.enter(`${i}`, anna);
  looks.takeMark('room', 'boris', 1);
  looks.takeMark('1', 'boris', 1);
  jest.advanceTimersByTime(500);
  expect(anna.heard).toEqual([['reads', { roomId: '1', marks: [{ userId: 'boris', seq: 1 }] }]]);
});
