import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';

/** Which installation this is: made with its database, the same for every replica, moved and restored with it. */
@Injectable()
export class InstallationRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  async get(): Promise<{ id: string }> {
    const [installation] = await this.db.query<{ id: string }>('SELECT id FROM auth.installation');
    if (!installation) throw new Error('the database of auth has lost the row of auth.installation');
    return installation;
  }
}
