// Before the tests: what takes seconds and would run into the first test's time limit.
module.exports = async () => {
  if (process.env.TEST_DATABASE_URL) return;
  require('reflect-metadata');
  require('../../libs/testing/typescript.cjs');
  await require('../../libs/testing/src/embedded').template();
};
