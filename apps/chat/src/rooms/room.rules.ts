/** The same for a pair whoever of the two asks. */
export const directKey = (one: string, other: string): string => [one, other].sort().join(':');

export const usersOf = (key: string | null): string[] => key?.split(':') ?? [];

export interface Description {
  name?: string | undefined;
  topic?: string | undefined;
}

/** Of what is wanted, what differs from what is. */
export const changes = (is: { name: string | null; topic: string }, wanted: Description): Description => ({
  ...(wanted.name !== undefined && wanted.name !== is.name ? { name: wanted.name } : {}),
  ...(wanted.topic !== undefined && wanted.topic !== is.topic ? { topic: wanted.topic } : {}),
});
