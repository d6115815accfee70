import { isReserved } from './usernames';

test.each([
  ...['system', 'Support', 'admin', 'ADMIN', 'admin2', 'administrator', 'admins', 'here', 'room'],
  ...['everyone', 'root', 'moderator', 'nobody', 'veche', 'guest', 'null'],
  ...[
    'adrnin',
    'adm1n',
    'sys-tem',
    's.u.p.p.o.r.t',
    'supp0rt',
    'a_d_m_i_n',
    'AdmIn',
    'aII',
    'a11',
    'no-reply',
  ],
])('%s is for nobody to take', (username) => {
  expect(isReserved(username)).toBe(true);
});

test.each([
  'anna',
  'hereward',
  'roomer',
  'supporter',
  'systematic',
  'badmin',
  'owner',
  'al',
  'allie',
  'veche-fan',
])('%s is for whoever comes first', (username) => {
  expect(isReserved(username)).toBe(false);
});
