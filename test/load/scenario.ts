/** One measurement of messages under way. Every target runs it with the same numbers. */
export interface Scenario {
  readonly key: string;
  readonly name: string;
  readonly clients: number;
  readonly roomSize: number;
  /** How many in each room write. */
  readonly writers: number;
  /** Whether everybody looks at their room: who does not is not told all of a large one. */
  readonly looks?: boolean;
  /** Sends a second of all writers together; unset: each writes again as soon as it is answered. */
  readonly rate?: number;
  /** Without a rate: how many sends of a writer may be unanswered. */
  readonly window: number;
}

export const SCENARIOS: readonly Scenario[] = [
  { key: 'a', name: 'rooms of 100, saturated', clients: 1000, roomSize: 100, writers: 10, window: 4 },
  { key: 'b', name: 'rooms of 10, saturated', clients: 1000, roomSize: 10, writers: 2, window: 4 },
  {
    ...{ key: 'c', name: '50,000 deliveries a second', clients: 1000, roomSize: 100 },
    ...{ writers: 10, rate: 500, window: 1 },
  },
  { key: 'd', name: 'one room of 5,000', clients: 5000, roomSize: 5000, writers: 20, window: 1, looks: true },
];

/** Where one client sits. */
export interface Seat {
  readonly gateway: string;
  readonly token: string;
  readonly roomId: string;
  readonly writes: boolean;
}
