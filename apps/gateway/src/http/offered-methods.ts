/** Which methods the paths of this server take: the router only says that it found nothing. */
export class OfferedMethods {
  private readonly routes: { readonly path: RegExp; readonly methods: ReadonlySet<string> }[] = [];

  /** @param path as the router writes it: `/api/v2/task/:id` */
  add(path: string, methods: readonly string[]): void {
    const segments = path.split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    this.routes.push({ path: new RegExp(`^${segments.join('/')}/?$`), methods: new Set(methods) });
  }

  /** Methods of a path, sorted; empty when no route has that path. */
  of(path: string): string[] {
    return [...new Set(this.routes.filter((route) => route.path.test(path)).flatMap((route) => [...route.methods]))].sort();
  }
}
