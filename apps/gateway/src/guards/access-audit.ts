import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessOf } from '@veche/access';

/** What Nest leaves on a REST handler. */
const HANDLER_MARK = 'method';

/** Fails the start where a REST route declares no access. */
@Injectable()
export class AccessAudit implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const forgotten = [...this.discovery.getControllers()].flatMap(({ metatype }) => {
      const prototype = (metatype as { prototype?: Record<string, object> } | null)?.prototype;
      if (!prototype) return [];
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => {
          const handler = prototype[name] ?? {};
          return Reflect.hasMetadata(HANDLER_MARK, handler) && !accessOf(handler);
        })
        .map((name) => `${metatype?.name}.${name}`);
    });
    if (forgotten.length > 0) throw new Error(`No @Access is declared on ${forgotten.join(', ')}`);
  }
}
