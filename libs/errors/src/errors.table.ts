import { status as grpc } from '@grpc/grpc-js';
import type { ErrorCode } from '@veche/protocol';

export interface Row {
  readonly http: number;
  readonly grpc: grpc;
  /** For people; what a program acts on is the code. */
  readonly title: string;
  /** In how many seconds to come again, where nobody knows better; undefined where there is no need to wait. */
  readonly retryAfter?: number;
}

const row = (http: number, status: grpc, title: string, retryAfter?: number): Row => ({
  http,
  grpc: status,
  title,
  ...(retryAfter !== undefined && { retryAfter }),
});

/**
 * Every error that Veche answers with, and how each door says it. There is no default: what is not in here is
 * a bug and reaches the caller as `internal`.
 */
export const ERRORS = {
  invalid_input: row(400, grpc.INVALID_ARGUMENT, 'The request is not valid'),
  weak_password: row(400, grpc.INVALID_ARGUMENT, 'Choose a password that is harder to guess'),
  payload_too_large: row(413, grpc.RESOURCE_EXHAUSTED, 'The request is too large'),
  file_too_large: row(413, grpc.RESOURCE_EXHAUSTED, 'The file is larger than files may be'),
  storage_full: row(413, grpc.RESOURCE_EXHAUSTED, 'There is no room left for this file'),
  unreadable_picture: row(422, grpc.INVALID_ARGUMENT, 'The picture is damaged, or has too many pixels'),
  range_not_satisfiable: row(416, grpc.OUT_OF_RANGE, 'The file has no such part'),
  unsupported_media_type: row(415, grpc.INVALID_ARGUMENT, 'The content type is not supported'),

  unauthenticated: row(401, grpc.UNAUTHENTICATED, 'Sign in first'),
  invalid_credentials: row(401, grpc.UNAUTHENTICATED, 'Wrong name or password'),
  invalid_token: row(401, grpc.UNAUTHENTICATED, 'The token is not valid'),
  token_expired: row(401, grpc.UNAUTHENTICATED, 'The token has expired'),
  invalid_proof: row(401, grpc.UNAUTHENTICATED, 'The proof of the device key is missing or not valid'),
  stale_proof: row(401, grpc.UNAUTHENTICATED, 'Make a new proof of the device key, with the nonce'),
  session_ended: row(401, grpc.UNAUTHENTICATED, 'The session has ended'),

  forbidden: row(403, grpc.PERMISSION_DENIED, 'You may not do this'),
  account_disabled: row(403, grpc.PERMISSION_DENIED, 'This account is disabled'),
  registration_closed: row(403, grpc.PERMISSION_DENIED, 'Registration is not open'),
  not_a_member: row(403, grpc.PERMISSION_DENIED, 'You are not a member of this room'),
  edit_window_over: row(403, grpc.FAILED_PRECONDITION, 'It is too late to change this message'),

  not_found: row(404, grpc.NOT_FOUND, 'There is nothing here'),
  user_not_found: row(404, grpc.NOT_FOUND, 'There is no such user'),
  room_not_found: row(404, grpc.NOT_FOUND, 'There is no such room'),
  member_not_found: row(404, grpc.NOT_FOUND, 'There is no such member'),
  message_not_found: row(404, grpc.NOT_FOUND, 'There is no such message'),
  session_not_found: row(404, grpc.NOT_FOUND, 'There is no such session'),
  api_key_not_found: row(404, grpc.NOT_FOUND, 'There is no such API key'),
  attachment_not_found: row(404, grpc.NOT_FOUND, 'There is no such file'),
  upload_not_found: row(404, grpc.NOT_FOUND, 'There is no such upload'),
  method_not_allowed: row(405, grpc.UNIMPLEMENTED, 'This method is not offered here'),

  username_taken: row(409, grpc.ALREADY_EXISTS, 'This username is taken'),
  email_taken: row(409, grpc.ALREADY_EXISTS, 'This email address is taken'),
  room_name_taken: row(409, grpc.ALREADY_EXISTS, 'This room name is taken'),
  owner_must_hand_over: row(409, grpc.FAILED_PRECONDITION, 'Hand the room over before you leave it'),
  last_admin: row(409, grpc.FAILED_PRECONDITION, 'Somebody else must be an admin first'),
  external_account: row(
    409,
    grpc.FAILED_PRECONDITION,
    'This account has no password: another system keeps it',
  ),
  direct_room: row(409, grpc.FAILED_PRECONDITION, 'A direct room stays as it is'),
  too_many_reactions: row(409, grpc.FAILED_PRECONDITION, 'There are too many reactions to this message'),
  too_many_pins: row(409, grpc.FAILED_PRECONDITION, 'There are too many pinned messages in this room'),
  already_in_thread: row(409, grpc.FAILED_PRECONDITION, 'This message is in a thread itself'),
  upload_conflict: row(409, grpc.FAILED_PRECONDITION, 'The upload is elsewhere; ask for its offset'),

  rate_limited: row(429, grpc.RESOURCE_EXHAUSTED, 'Too many requests', 1),
  overloaded: row(503, grpc.RESOURCE_EXHAUSTED, 'The server has too much to do; try again shortly', 1),
  unavailable: row(503, grpc.UNAVAILABLE, 'A part of the server is out of reach; try again shortly'),
  deadline_exceeded: row(504, grpc.DEADLINE_EXCEEDED, 'The answer took too long'),
  internal: row(500, grpc.INTERNAL, 'Something went wrong on our side'),
} as const satisfies Record<ErrorCode, Row>;
