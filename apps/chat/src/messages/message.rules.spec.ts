import type { RoomKind, RoomRole, Standing } from '../members/member.rules';
import { type Editor, judgeDeletion, judgeEdit, type Written } from './message.rules';

const by = (
  kind: RoomKind,
  role: RoomRole | null,
  more: Partial<Standing> = {},
  window?: number,
): Editor => ({
  userId: 'me',
  standing: { kind, role, mayBrowse: true, mayModerate: false, mayManage: false, ...more },
  window,
});
const own: Written = { authorId: 'me', isDeleted: false, age: 60 };
const others: Written = { ...own, authorId: 'other' };

describe('a message', () => {
  test.each<[string, Editor, Written | undefined, string]>([
    ["one's own", by('private', 'member'), own, 'allowed'],
    ["somebody else's, whoever one is", by('public', 'owner', { mayModerate: true }), others, 'forbidden'],
    ['that is deleted', by('public', 'member'), { ...own, isDeleted: true }, 'message_not_found'],
    ['that is not there', by('public', 'member'), undefined, 'message_not_found'],
    ['as one who has left', by('public', null), own, 'not_a_member'],
    ['as one who has left a private room', by('private', null), own, 'room_not_found'],
    ['within the time for it', by('public', 'member', {}, 60), own, 'allowed'],
    ['after it', by('public', 'owner', {}, 59), own, 'edit_window_over'],
  ])('%s is edited, or not', (_what, editor, message, verdict) => {
    expect(judgeEdit(message, editor)).toBe(verdict);
  });

  test.each<[string, Editor, Written | undefined, string]>([
    ["one's own", by('direct', 'member'), own, 'allowed'],
    ['after the time for it', by('public', 'member', {}, 59), own, 'edit_window_over'],
    ['by who moderates, at any time', by('private', 'moderator', {}, 0), others, 'allowed'],
    ["the owner's by a moderator", by('public', 'moderator'), others, 'allowed'],
    ['by a member', by('public', 'member'), others, 'forbidden'],
    ['of the other in a direct room', by('direct', 'member'), others, 'forbidden'],
    ['by who moderates everywhere', by('public', null, { mayModerate: true }), others, 'allowed'],
    ['by them in a private room', by('private', null, { mayModerate: true }), others, 'room_not_found'],
    ['once more', by('private', 'member'), { ...own, isDeleted: true }, 'allowed'],
    ['that is not there', by('private', 'owner'), undefined, 'message_not_found'],
    ['as one who has left', by('public', null), own, 'not_a_member'],
  ])('%s is deleted, or not', (_what, editor, message, verdict) => {
    expect(judgeDeletion(message, editor)).toBe(verdict);
  });
});
