/** One measurement. Every target runs it with the same numbers. */
export interface Scenario {
  readonly name: string;
  readonly roomSize: number;
  /** How many in each room write. */
  readonly writers: number;
  /** Sends a second of all writers together; unset: each writes again as soon as it is answered. */
  readonly rate?: number;
  /** Without a rate: how many sends of a writer may be unanswered. */
  readonly window: number;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'rooms of 10, as fast as it goes', roomSize: 10, writers: 2, window: 4 },
  { name: 'rooms of 100, as fast as it goes', roomSize: 100, writers: 10, window: 2 },
  { name: 'rooms of 10, 300 sends a second', roomSize: 10, writers: 2, rate: 300, window: 1 },
  { name: 'rooms of 100, 60 sends a second', roomSize: 100, writers: 10, rate: 60, window: 1 },
];

/** Where one client sits. */
export interface Seat {
  readonly gateway: string;
  readonly token: string;
  readonly roomId: string;
  readonly writes: boolean;
}
