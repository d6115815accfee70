import type { DatabaseOptions } from '@veche/database';
import { CreateAccounts1763712000000 } from './migrations/1763712000000-create-accounts';
import { DeletionEntity } from './deletion/deletion.entity';
import { AccountsAreDeleted1764200000000 } from './migrations/1764200000000-accounts-are-deleted';
import { AccountsChange1764100000000 } from './migrations/1764100000000-accounts-change';
import { InstallationHasAnId1765000002001 } from './migrations/1765000002001-installation-has-an-id';
import { RefreshTokensInLine1765000004001 } from './migrations/1765000004001-refresh-tokens-in-line';
import { SessionEntity } from './sessions/session.entity';
import { UserEntity } from './users/user.entity';

/** What auth keeps, and how its tables came to be. */
export const AUTH_DATABASE = {
  name: 'auth',
  entities: [UserEntity, SessionEntity, DeletionEntity],
  migrations: [
    CreateAccounts1763712000000,
    AccountsChange1764100000000,
    AccountsAreDeleted1764200000000,
    InstallationHasAnId1765000002001,
    RefreshTokensInLine1765000004001,
  ],
} as const satisfies Pick<DatabaseOptions, 'name' | 'entities' | 'migrations'>;
