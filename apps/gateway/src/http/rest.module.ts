import { Module } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { AdminController } from './admin/admin.controller';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { AuthController } from './auth/auth.controller';
import { RefreshCookie } from './auth/refresh-cookie';
import { SocketModule } from '../socket/socket.module';
import { FilesModule } from '@veche/files';
import { FileLinks } from '../files/file-links';
import { Looking } from '../files/looking';
import { UploadsService } from '../files/uploads.service';
import { EventsController } from './events/events.controller';
import { ExternalUsersController } from './external-users/external-users.controller';
import { FilesController } from './files/files.controller';
import { LinksController } from './files/links.controller';
import { UploadsController } from './files/uploads.controller';
import { InvitationsController } from './invitations/invitations.controller';
import { MembersController } from './members/members.controller';
import { MessagesController } from './messages/messages.controller';
import { PinsController } from './pins/pins.controller';
import { ReactionsController } from './reactions/reactions.controller';
import { PreferencesController } from './preferences/preferences.controller';
import { PresenceController } from './presence/presence.controller';
import { RoomsController } from './rooms/rooms.controller';
import { SearchController } from './search/search.controller';
import { ThreadsController } from './threads/threads.controller';
import { UsersController } from './users/users.controller';

@Module({
  imports: [SocketModule, FilesModule],
  controllers: [
    AuthController,
    PresenceController,
    PreferencesController,
    UsersController,
    RoomsController,
    MembersController,
    InvitationsController,
    MessagesController,
    ReactionsController,
    PinsController,
    ThreadsController,
    UploadsController,
    FilesController,
    LinksController,
    SearchController,
    AdminController,
    ApiKeysController,
    ExternalUsersController,
    EventsController,
  ],
  providers: [RefreshCookie, UploadsService, Looking, FileLinks],
})
class CallsModule {}

/** The REST API. What has no version of its own (keys, health) stands at the root. */
@Module({ imports: [CallsModule, RouterModule.register([{ path: 'api/v1', module: CallsModule }])] })
export class RestModule {}
