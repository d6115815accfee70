import {
  type Account,
  type CreateUserRequest,
  type ListAccountsRequest,
  type ListAccountsResponse,
  type ListAllRoomsRequest,
  roleText,
  roomKindText,
  type UpdateUserRequest,
} from '@veche/contracts';
import { isoTime } from '../../iso-time';
import { userToJson } from '../users/user.wire';
import type {
  AccountDto,
  AccountsDto,
  CreateUserBody,
  ListAccountsQuery,
  ListAllRoomsQuery,
  UpdateUserBody,
} from './admin.dto';

export const listAccountsRequest = ({ role, ...rest }: ListAccountsQuery): ListAccountsRequest => ({
  ...rest,
  role: role && roleText.value(role),
});

export const createUserRequest = ({ role, ...rest }: CreateUserBody): CreateUserRequest => ({
  ...rest,
  role: role && roleText.value(role),
});

export const updateUserRequest = (id: string, { role, ...rest }: UpdateUserBody): UpdateUserRequest => ({
  ...rest,
  id,
  role: role && roleText.value(role),
});

export const listAllRoomsRequest = ({ kind, ...rest }: ListAllRoomsQuery): ListAllRoomsRequest => ({
  ...rest,
  kind: kind && roomKindText.value(kind),
});

export const accountToJson = (account: Account | undefined): AccountDto => ({
  ...userToJson(account?.user),
  disabled: account?.disabledAt !== undefined,
  disabledAt: account?.disabledAt && isoTime(account.disabledAt),
  lastSeenAt: account?.lastSeenAt && isoTime(account.lastSeenAt),
});

export const accountsToJson = ({ accounts, nextCursor }: ListAccountsResponse): AccountsDto => ({
  items: accounts.map(accountToJson),
  nextCursor,
});
