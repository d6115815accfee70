import type {
  AcceptInvitationRequest,
  DeclineInvitationRequest,
  ListInvitationsRequest,
} from '@veche/contracts';
import { Id } from './fields';

export class ListInvitationsDto implements ListInvitationsRequest {}

export class AcceptInvitationDto implements AcceptInvitationRequest {
  @Id() roomId!: string;
}

export class DeclineInvitationDto implements DeclineInvitationRequest {
  @Id() roomId!: string;
}
