import { Agent, request } from 'undici';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** HTTP with one server: as many connections as there are calls at once. */
export class Http {
  private readonly agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000 });

  constructor(readonly baseUrl: string) {}

  async send(method: 'GET' | 'POST', path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await request(this.baseUrl + path, {
      method, dispatcher: this.agent, body: body === undefined ? null : JSON.stringify(body), headers: { ...body !== undefined && { 'content-type': 'application/json' }, ...headers },
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** The body of a 200 that says so. @throws with the answer when it is another one */
export function deployedIn({ status, text }: Answer): { readonly id: string } {
  const body = status === 200 ? JSON.parse(text) as { readonly id: string; readonly deploymentState: string } : undefined;
  if (body?.deploymentState !== 'Deployed') throw new Error(`not deployed: ${status} ${text}`);
  return body;
}
