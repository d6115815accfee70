import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  AUTH,
  type ChangePasswordResponse,
  type CheckSessionsResponse,
  type EndOtherSessionsResponse,
  type EndSessionResponse,
  type GetAuthHealthResponse,
  type GetInstallationResponse,
  type GetKeysResponse,
  type ListSessionsResponse,
  type LoginResponse,
  type LogoutResponse,
  type RefreshResponse,
  type RegisterResponse,
  type ValidateApiKeyResponse,
  type ValidateSessionResponse,
  type WatchSessionsResponse,
} from '@veche/contracts';
import {
  ChangePasswordDto,
  CheckSessionsDto,
  EndOtherSessionsDto,
  EndSessionDto,
  GetAuthHealthDto,
  GetInstallationDto,
  GetKeysDto,
  ListSessionsDto,
  LoginDto,
  LogoutDto,
  RefreshDto,
  RegisterDto,
  ValidateApiKeyDto,
  ValidateSessionDto,
  WatchSessionsDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import type { Observable } from 'rxjs';
import { ApiKeysService } from './api-keys/api-keys.service';
import { AccountsService } from './accounts/accounts.service';
import { AuthHealth } from './health/health.service';
import { InstallationRepository } from './installation/installation.repository';
import { IssuersService } from './issuers/issuers.service';
import { KeysService } from './keys/keys.service';
import { SessionsService } from './sessions/sessions.service';

/** What callers know as one service, and several capabilities do. */
@Controller()
@RpcService(AUTH)
export class AuthController implements Handlers<typeof AUTH.definition> {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeysService,
    private readonly issuers: IssuersService,
    private readonly keys: KeysService,
    private readonly installation: InstallationRepository,
    private readonly health: AuthHealth,
  ) {}

  @Access('public')
  register(request: RegisterDto, call: Call): Promise<RegisterResponse> {
    return this.accounts.register(request, call);
  }

  @Access('public')
  login(request: LoginDto, call: Call): Promise<LoginResponse> {
    return this.accounts.login(request, call);
  }

  @Access('public')
  refresh(request: RefreshDto, call: Call): Promise<RefreshResponse> {
    return this.sessions.refresh(request, call);
  }

  @Access('public')
  logout(request: LogoutDto, call: Call): Promise<LogoutResponse> {
    return this.sessions.logout(request, call).then(() => ({}));
  }

  @Access('sessions.own')
  changePassword(request: ChangePasswordDto, call: Call): Promise<ChangePasswordResponse> {
    return this.accounts.changePassword(request, call);
  }

  @Access('sessions.own')
  listSessions(_request: ListSessionsDto, call: Call): Promise<ListSessionsResponse> {
    return this.sessions.list(call);
  }

  @Access('sessions.own')
  endSession(request: EndSessionDto, call: Call): Promise<EndSessionResponse> {
    return this.sessions.end(request, call).then(() => ({}));
  }

  @Access('sessions.own')
  endOtherSessions(_request: EndOtherSessionsDto, call: Call): Promise<EndOtherSessionsResponse> {
    return this.sessions.endOthers(call).then(() => ({}));
  }

  @Access('public')
  validateSession(request: ValidateSessionDto): Promise<ValidateSessionResponse> {
    return this.issuers.validate(request);
  }

  @Access('service')
  validateApiKey(request: ValidateApiKeyDto): Promise<ValidateApiKeyResponse> {
    return this.apiKeys.validate(request);
  }

  @Access('public')
  getKeys(_request: GetKeysDto): GetKeysResponse {
    return { jwks: this.keys.published(), issuers: this.issuers.names() };
  }

  @Access('service')
  getAuthHealth(_request: GetAuthHealthDto): Promise<GetAuthHealthResponse> {
    return this.health.get();
  }

  @Access('service')
  getInstallation(_request: GetInstallationDto): Promise<GetInstallationResponse> {
    return this.installation.get();
  }

  @Access('service')
  checkSessions(request: CheckSessionsDto): Promise<CheckSessionsResponse> {
    return this.sessions.check(request);
  }

  @Access('service')
  watchSessions(_request: WatchSessionsDto): Observable<WatchSessionsResponse> {
    return this.sessions.watch();
  }
}
