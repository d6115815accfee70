export class HealthCheckDto {
  /** @example "auth" */
  name!: string;
  ok!: boolean;
  /**
   * What is wrong, in words.
   * @example "the database is out of reach"
   */
  detail?: string;
}

export class LiveDto {
  /** @example "ok" */
  status!: 'ok';
}

export class HealthDto {
  /** `degraded`: something is missing, and may be back in a moment. `unavailable` comes with 503. */
  status!: 'ok' | 'degraded' | 'unavailable';
  checks!: HealthCheckDto[];
}
