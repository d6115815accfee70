export type RoomKind = 'public' | 'private' | 'direct';
export type RoomRole = 'member' | 'moderator' | 'owner';

/** Somebody before a room: what they are in it, and what their account may do in every public one. */
export interface Standing {
  readonly kind: RoomKind;
  /** null: not a member */
  readonly role: RoomRole | null;
  /** They have left it, and are asked to come back. */
  readonly invited?: boolean;
  /** `rooms.browse` */
  readonly mayBrowse: boolean;
  /** `rooms.moderate` */
  readonly mayModerate: boolean;
  /** `rooms.manage` */
  readonly mayManage: boolean;
}

export type Refusal = 'room_not_found' | 'not_a_member' | 'direct_room' | 'forbidden';
export type Verdict = 'allowed' | Refusal;

/**
 * By the role of their account, member or not: a steward moderates every public room, and a manager may delete
 * private ones too, without seeing into them.
 */
type Part = 'outsider' | 'invited' | RoomRole | 'steward' | 'manager';

const members = ['member', 'moderator', 'owner'] as const;
const moderators = ['moderator', 'owner', 'steward'] as const;
const invited = ['invited', ...members] as const;
const everybody = ['outsider', ...invited, 'steward'] as const;

/** The one table of what may be done in which kind of room by whom. */
const RIGHTS = {
  public: {
    see: everybody,
    join: everybody,
    leave: members,
    read: members,
    write: members,
    callAll: moderators,
    moderate: moderators,
    pin: moderators,
    update: moderators,
    delete: ['owner', 'steward'],
    invite: [...members, 'steward'],
    remove: moderators,
    changeRole: ['owner'],
  },
  private: {
    see: invited,
    join: invited, // by members: nothing happens
    leave: members,
    read: members,
    write: members,
    callAll: moderators,
    moderate: moderators,
    pin: moderators,
    update: moderators,
    delete: ['owner', 'manager'],
    invite: moderators,
    remove: moderators,
    changeRole: ['owner'],
  },
  // belongs to its two for good
  direct: {
    see: members,
    join: members,
    leave: [],
    read: members,
    write: members,
    callAll: [],
    moderate: [],
    pin: members,
    update: [],
    delete: [],
    invite: [],
    remove: [],
    changeRole: [],
  },
} as const satisfies Record<RoomKind, Record<string, readonly Part[]>>;

export type Act = keyof (typeof RIGHTS)['public'];

const isSteward = (standing: Standing): boolean => standing.kind === 'public' && standing.mayModerate;

const partsOf = (standing: Standing): Part[] => {
  const { kind, role, mayBrowse, mayManage } = standing;
  const parts: Part[] = [];
  if (role !== null) parts.push(role);
  else if (standing.invited === true) parts.push('invited');
  else if (kind === 'public' && mayBrowse) parts.push('outsider');
  if (isSteward(standing)) parts.push('steward');
  if (mayManage) parts.push('manager');
  return parts;
};

/**
 * Whether somebody may do this in the room. Who may not see a room hears the same as if it didn't exist, whatever
 * they try.
 */
export const judge = (act: Act, standing: Standing): Verdict => {
  const { kind, role } = standing;
  const rights: Record<string, readonly Part[]> = RIGHTS[kind];
  const parts = partsOf(standing);
  const may = (what: Act): boolean => parts.some((part) => rights[what]?.includes(part));
  if (may(act)) return 'allowed';
  if (!may('see')) return 'room_not_found';
  if (kind === 'direct') return 'direct_room';
  return role === null ? 'not_a_member' : 'forbidden';
};

const RANK: Record<RoomRole, number> = { member: 1, moderator: 2, owner: 3 };

/** Nobody removes their equal: two moderators who quarrel need the owner. */
export const judgeRemoval = (actor: Standing, target: RoomRole): Verdict => {
  const allowed = judge('remove', actor);
  if (allowed !== 'allowed') return allowed;
  const own = actor.role === null ? 0 : RANK[actor.role];
  const rank = isSteward(actor) ? Math.max(own, RANK.moderator) : own;
  return rank > RANK[target] ? 'allowed' : 'forbidden';
};

export interface RoleChange {
  readonly userId: string;
  readonly role: RoomRole;
}

/**
 * What follows from an owner's wish to give a member a role: nothing where they have it, and two changes where
 * ownership goes over, since a room has one owner.
 */
export const roleChanges = (
  ownerId: string,
  target: RoleChange,
  wanted: RoomRole,
): readonly RoleChange[] | 'owner_must_hand_over' => {
  if (wanted === target.role) return [];
  if (target.userId === ownerId) return 'owner_must_hand_over';
  const change = { userId: target.userId, role: wanted };
  return wanted === 'owner' ? [change, { userId: ownerId, role: 'moderator' }] : [change];
};

/**
 * A public room outlives its last member, because its history and its name belong to everybody who may browse;
 * whoever comes first after that owns it, so that no room with members is without an owner.
 */
export const roleOnEntering = (memberCount: number): RoomRole => (memberCount === 0 ? 'owner' : 'member');

/** Somebody who comes in. */
export interface Arrival extends RoleChange {
  /** What was there before them is nothing that they missed. */
  readonly readSeq: number;
}

/**
 * What those become who come in one after the other. Each has an entry that says so, and whoever owns the room one
 * more.
 */
export const arrivals = (
  room: { readonly memberCount: number; readonly lastSeq: number },
  userIds: readonly string[],
): Arrival[] => {
  let readSeq = room.lastSeq;
  return userIds.map((userId, i) => {
    const role = roleOnEntering(room.memberCount + i);
    const arrival = { userId, role, readSeq };
    readSeq += role === 'member' ? 1 : 2;
    return arrival;
  });
};

/**
 * What becomes of the room when a member leaves. A room that is not public goes with its last member: nobody could
 * ever see it again, and it would hold its name for ever.
 */
export const onLeaving = (
  kind: RoomKind,
  role: RoomRole | null,
  memberCount: number,
): 'room_stays' | 'room_goes' | 'owner_must_hand_over' => {
  if (memberCount === 1) return kind === 'public' ? 'room_stays' : 'room_goes';
  return role === 'owner' ? 'owner_must_hand_over' : 'room_stays';
};

/** How far back what is unread is counted, in numbers of the log: more than anybody reads from a badge. */
export const COUNTED = 1_000;

const MOST_SHOWN_READERS = 32;

/**
 * Whether a room is small enough for its members to be told how far each of them has read. In a larger one nobody looks
 * at a list of readers, and each mark would go to everybody: the square of the members.
 */
export const showReaders = (memberCount: number): boolean => memberCount <= MOST_SHOWN_READERS;

/**
 * Who owns a room after an owner who could hand nothing over: its longest-serving moderator, or else member.
 * @param others of the room, in the order in which they joined
 */
export const heir = (others: readonly RoleChange[]): string | undefined =>
  (others.find(({ role }) => role === 'moderator') ?? others[0])?.userId;
