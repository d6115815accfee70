export * from './auth.dto';
export * from './cursor';
export * from './fields';
export * from './messages.dto';
export * from './rooms.dto';
export * from './users.dto';
