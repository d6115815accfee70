import type { Invitation, InvitationTold } from '@veche/protocol';
import { type Fetched, FetchedList } from './fetched';

/** Rooms that the user is asked back into, the newest first. */
export type Invitations = Fetched<Invitation>;

export type InvitationList = FetchedList<readonly Invitation[], InvitationTold, Invitation>;

/** Kept by what devices are told. Who asks, and into what, is fetched. */
export const invitationList = (fetch: () => Promise<readonly Invitation[]>): InvitationList =>
  new FetchedList<readonly Invitation[], InvitationTold, Invitation>({
    empty: [],
    fetch,
    after: (invitations, news) => news.reduce(after, invitations),
    items: (invitations) => invitations,
    lacks: (invitations, { roomId, on }) => on && !invitations.some(({ room }) => room.id === roomId),
  });

const after = (invitations: readonly Invitation[], { roomId, on }: InvitationTold): readonly Invitation[] =>
  !on && invitations.some(({ room }) => room.id === roomId)
    ? invitations.filter(({ room }) => room.id !== roomId)
    : invitations;
