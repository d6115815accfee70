import type { FastifyInstance } from 'fastify';

/** Which methods a path is offered with: the router itself only tells whether method and path match together. */
export class Routes {
  private readonly known: { method: string; path: RegExp }[] = [];

  /** Has to be made before routes are registered. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ method, url }) => {
      const pattern = url
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace('*', '.*');
      // preflights are answered everywhere, and say nothing about a path
      for (const one of [method].flat().filter((name) => name !== 'OPTIONS'))
        this.known.push({ method: one, path: new RegExp(`^${pattern}$`) });
    });
  }

  methodsOf(url: string): string[] {
    const [path = ''] = url.split('?');
    return [...new Set(this.known.filter((route) => route.path.test(path)).map((route) => route.method))];
  }
}
