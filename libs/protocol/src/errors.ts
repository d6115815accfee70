/** What a program acts on when something fails; `libs/errors` says how each door tells it. */
export type ErrorCode =
  | 'invalid_input'
  | 'weak_password'
  | 'payload_too_large'
  | 'file_too_large'
  | 'storage_full'
  | 'unreadable_picture'
  | 'range_not_satisfiable'
  | 'unsupported_media_type'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'invalid_token'
  | 'token_expired'
  | 'invalid_proof'
  | 'stale_proof'
  | 'session_ended'
  | 'forbidden'
  | 'account_disabled'
  | 'registration_closed'
  | 'not_a_member'
  | 'edit_window_over'
  | 'not_found'
  | 'user_not_found'
  | 'room_not_found'
  | 'member_not_found'
  | 'message_not_found'
  | 'session_not_found'
  | 'api_key_not_found'
  | 'attachment_not_found'
  | 'upload_not_found'
  | 'method_not_allowed'
  | 'username_taken'
  | 'email_taken'
  | 'room_name_taken'
  | 'owner_must_hand_over'
  | 'last_admin'
  | 'external_account'
  | 'direct_room'
  | 'too_many_reactions'
  | 'too_many_pins'
  | 'already_in_thread'
  | 'upload_conflict'
  | 'rate_limited'
  | 'overloaded'
  | 'unavailable'
  | 'deadline_exceeded'
  | 'internal';

/** What is wrong with one field. */
export interface FieldError {
  /** A path into the request. */
  field: string;
  message: string;
}

/** Why a call over the socket, or its handshake, was refused. */
export interface Refusal {
  code: ErrorCode;
  /** For people; the code is for programs. */
  title: string;
  /** What can be done about it. */
  detail?: string;
  /** For invalid input: what is wrong, field by field. */
  errors?: FieldError[];
  /** For a stale proof: what the next one has to carry. */
  nonce?: string;
  /** In how many seconds it may be tried again, where that is known. */
  retryAfter?: number;
  /** For a file that is too large: how many bytes there is room for. */
  left?: number;
  /** Ask the operator about this one. */
  requestId?: string;
}

/** Why a REST call was refused (RFC 9457). */
export interface Problem extends Refusal {
  type: string;
  status: number;
  requestId: string;
}
