import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { INVITATIONS } from '@veche/contracts';
import { AcceptInvitationDto, DeclineInvitationDto, ListInvitationsDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { InvitationsService } from './invitations.service';

@Controller()
@RpcService(INVITATIONS)
export class InvitationsController implements Handlers<typeof INVITATIONS.definition> {
  constructor(private readonly invitations: InvitationsService) {}

  @Access('invitations.own')
  listInvitations(_request: ListInvitationsDto, call: Call) {
    return this.invitations.list(call);
  }

  @Access('invitations.own')
  acceptInvitation(request: AcceptInvitationDto, call: Call) {
    return this.invitations.accept(request, call);
  }

  @Access('invitations.own')
  declineInvitation(request: DeclineInvitationDto, call: Call) {
    return this.invitations.decline(request, call);
  }
}
