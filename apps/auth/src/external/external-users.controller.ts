import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type DeleteExternalUserResponse,
  type EndExternalSessionsResponse,
  EXTERNAL_USERS,
  type IssueExternalTokenResponse,
  type UpsertExternalUserResponse,
} from '@veche/contracts';
import {
  DeleteExternalUserDto,
  EndExternalSessionsDto,
  IssueExternalTokenDto,
  UpsertExternalUserDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { ExternalUsersService } from './external-users.service';

@Controller()
@RpcService(EXTERNAL_USERS)
export class ExternalUsersController implements Handlers<typeof EXTERNAL_USERS.definition> {
  constructor(private readonly users: ExternalUsersService) {}

  @Access('users.provision')
  upsertExternalUser(request: UpsertExternalUserDto, call: Call): Promise<UpsertExternalUserResponse> {
    return this.users.upsert(request, call);
  }

  @Access('users.provision')
  issueExternalToken(request: IssueExternalTokenDto, call: Call): Promise<IssueExternalTokenResponse> {
    return this.users.issueToken(request, call);
  }

  @Access('users.provision')
  endExternalSessions(request: EndExternalSessionsDto, call: Call): Promise<EndExternalSessionsResponse> {
    return this.users.endSessions(request, call).then(() => ({}));
  }

  @Access('users.provision')
  deleteExternalUser(request: DeleteExternalUserDto, call: Call): Promise<DeleteExternalUserResponse> {
    return this.users.delete(request, call).then(() => ({}));
  }
}
