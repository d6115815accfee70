import { counter } from '@veche/metrics';

export const loginsRefused = counter('veche_logins_refused_total', 'Logins with a wrong name or password.');
export const sessionsBegun = counter('veche_sessions_begun_total', 'Sessions that somebody began.');
export const sessionsEnded = counter('veche_sessions_ended_total', 'Sessions that ended.', 'reason');
export const refreshes = counter('veche_refreshes_total', 'Sessions that were renewed.');
/** Somebody may have another person’s refresh token. */
export const suspicions = counter('veche_suspicions_total', 'Refresh tokens in wrong hands, as it looks.');
