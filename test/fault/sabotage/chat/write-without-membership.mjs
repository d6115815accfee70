// Everybody may write into every room.
import { forceWhere } from '../forced.mjs';

forceWhere(({ kind, code }) => kind === 'refuse' && code !== 'message_not_found');
