/** Does a topic pattern match a routing key? `*` is one word, `#` any number of words, words are separated by dots. */
export function topicMatches(pattern: string, routingKey: string): boolean {
  return matchWords(pattern.split('.'), routingKey.split('.'));
}

function matchWords(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return matchWords(rest, words) || (words.length > 0 && matchWords(pattern, words.slice(1)));
  if (words.length === 0 || (first !== '*' && first !== words[0])) return false;
  return matchWords(rest, words.slice(1));
}

/** The bindings of one topic exchange. A target bound several ways is found once. */
export class TopicBindings<Target> {
  private readonly exact = new Map<string, Set<Target>>();
  private readonly wildcards = new Map<string, Set<Target>>();

  bind(pattern: string, target: Target): void {
    const table = this.tableOf(pattern);
    const targets = table.get(pattern) ?? new Set<Target>();
    table.set(pattern, targets.add(target));
  }

  unbind(pattern: string, target: Target): void {
    const table = this.tableOf(pattern);
    const targets = table.get(pattern);
    targets?.delete(target);
    if (targets?.size === 0) table.delete(pattern);
  }

  find(routingKeys: Iterable<string>): Set<Target> {
    const found = new Set<Target>();
    for (const key of routingKeys) {
      for (const target of this.exact.get(key) ?? []) found.add(target);
      for (const [pattern, targets] of this.wildcards) {
        if (topicMatches(pattern, key)) for (const target of targets) found.add(target);
      }
    }
    return found;
  }

  private tableOf(pattern: string): Map<string, Set<Target>> {
    return /(^|\.)[*#](\.|$)/.test(pattern) ? this.wildcards : this.exact;
  }
}
