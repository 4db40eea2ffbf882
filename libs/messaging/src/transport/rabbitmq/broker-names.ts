/** Names as the broker knows them: everything of ours may carry a prefix, so that several systems or tests share one broker. */
export class BrokerNames {
  constructor(private readonly prefix: string) {}

  exchange(name: string): string {
    return name === '' ? '' : this.prefix + name;
  }

  queue(name: string): string {
    return this.prefix + name;
  }

  /** Routing keys name queues on the nameless exchange only. */
  routingKey(exchange: string, key: string): string {
    return exchange === '' ? this.queue(key) : key;
  }

  originalRoutingKey(exchange: string, key: string): string {
    return exchange === '' && key.startsWith(this.prefix) ? key.slice(this.prefix.length) : key;
  }
}
