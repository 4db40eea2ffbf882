import { type Answer, type Call, described, json } from '../peer/answer.js';

type Rule = Readonly<Record<string, unknown>>;

/** `alarms/fwdRules`: kept as they were sent, because nothing is known of their fields but the id and the name. */
export class ForwardingRules {
  private rules = new Map<number, Rule>();
  private lastId = 0;

  clear(): void {
    this.rules.clear();
  }

  answer(call: Call, id: number | undefined, body: unknown): Answer {
    if (id === undefined) {
      if (call.method === 'GET') return json(200, { fwdRules: [...this.rules].map(([key, rule]) => this.view(key, rule)) });
      if (call.method !== 'POST') return described(405, 'Method not allowed', { allow: 'GET, POST' });
      if (typeof body !== 'object' || body === null || !('name' in body)) return described(400, 'Field name is missing');
      this.rules.set(++this.lastId, { ...body });
      return json(201, { id: this.lastId, url: `/ovoc/v1/alarms/fwdRules/${this.lastId}` });
    }
    const rule = this.rules.get(id);
    if (!rule) return described(404, `Entity with id ${id} not found`);
    if (call.method === 'GET') return json(200, this.view(id, rule));
    if (call.method !== 'DELETE') return described(405, 'Method not allowed', { allow: 'GET, DELETE' });
    this.rules.delete(id);
    return json(200, { description: 'Deleted' });
  }

  private view(id: number, rule: Rule): Rule {
    return { ...rule, id, url: `/ovoc/v1/alarms/fwdRules/${id}` };
  }
}
