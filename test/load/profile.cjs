// Required before a server's own code: writes a CPU profile of its main thread into PROFILE_FOLDER when it ends.
// (--cpu-prof would do, but Node 20 does not take it from NODE_OPTIONS.)
const { mkdirSync, writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const { join } = require('node:path');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.on('exit', () =>
    session.post('Profiler.stop', (error, result) => {
      if (error) return;
      mkdirSync(process.env.PROFILE_FOLDER, { recursive: true });
      writeFileSync(
        join(process.env.PROFILE_FOLDER, `${process.pid}.cpuprofile`),
        JSON.stringify(result.profile),
      );
    }),
  );
}
