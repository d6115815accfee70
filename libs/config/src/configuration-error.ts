/** What was configured cannot be right. Its message is for whoever starts the process, and shows no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(reasons: readonly string[]) {
    super(`Configuration: ${reasons.join('; ')}`);
  }
}
