import type { DatabaseOptions } from '@veche/database';
import { ApiKeyEntity } from './api-keys/api-key.entity';
import { ApiKeys1765300001000 } from './migrations/1765300001000-api-keys';
import { CreateAccounts1763712000000 } from './migrations/1763712000000-create-accounts';
import { DeletionEntity } from './deletion/deletion.entity';
import { AccountsAreDeleted1764200000000 } from './migrations/1764200000000-accounts-are-deleted';
import { AccountsChange1764100000000 } from './migrations/1764100000000-accounts-change';
import { InstallationHasAnId1765000002001 } from './migrations/1765000002001-installation-has-an-id';
import { NamesAndLooks1765000003000 } from './migrations/1765000003000-names-and-looks';
import { RefreshTokensInLine1765000004001 } from './migrations/1765000004001-refresh-tokens-in-line';
import { ExternalUsers1765300002000 } from './migrations/1765300002000-external-users';
import { ExternalUserEntity } from './users/external-user.entity';
import { SessionEntity } from './sessions/session.entity';
import { UserEntity } from './users/user.entity';
import { UserWordEntity } from './users/user-word.entity';
import { UsernameLookEntity } from './users/username-look.entity';

/** What auth keeps, and how its tables came to be. */
export const AUTH_DATABASE = {
  name: 'auth',
  entities: [
    UserEntity,
    UserWordEntity,
    UsernameLookEntity,
    SessionEntity,
    DeletionEntity,
    ApiKeyEntity,
    ExternalUserEntity,
  ],
  migrations: [
    CreateAccounts1763712000000,
    AccountsChange1764100000000,
    AccountsAreDeleted1764200000000,
    InstallationHasAnId1765000002001,
    NamesAndLooks1765000003000,
    RefreshTokensInLine1765000004001,
    ApiKeys1765300001000,
    ExternalUsers1765300002000,
  ],
} as const satisfies Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>;
