/**
 * Services with a database and a queue, each of the name it has everywhere. `schema` is also the name of its role; `sessions` are those that a process
 * opens at most, in its pool and beside it.
 */
export const services = [
  { name: 'provisioner', schema: 'provisioner', sessions: { pool: 10, beside: 0 } },
  // One holds the lock that shows others that the agent is alive.
  { name: 'sbc-agent', schema: 'sbc_agent', sessions: { pool: 8, beside: 1 } },
  { name: 'ovoc-sync', schema: 'ovoc_sync', sessions: { pool: 8, beside: 0 } },
] as const;

type Service = (typeof services)[number];
export type ServiceName = Service['name'];
export type ServiceSchema = Service['schema'];

export const serviceNames: readonly ServiceName[] = services.map(({ name }) => name);

export function serviceNamed(name: ServiceName): Service {
  const service = services.find((each) => each.name === name);
  if (!service) throw new Error(`no service ${name as string}`);
  return service;
}
