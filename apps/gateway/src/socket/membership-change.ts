import type { Entry } from '@veche/contracts';

/** Who is a member from this entry on, or is none after it. */
export const membershipChange = ({
  actorId,
  body,
}: Entry): { userId: string; member: boolean } | undefined => {
  switch (body?.$case) {
    case 'roomCreated':
      return { userId: actorId, member: true };
    case 'memberJoined':
      return { userId: body.value.userId, member: true };
    case 'memberLeft':
    case 'memberRemoved':
      return { userId: body.value.userId, member: false };
    default:
      return undefined;
  }
};
