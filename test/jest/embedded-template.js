// Before the tests: what takes seconds and would run into the first test's time limit.
require('../harness/register.cjs');

module.exports = async () => {
  if (!process.env.TEST_DATABASE_URL) await require('@veche/testing').embeddedTemplate();
};
