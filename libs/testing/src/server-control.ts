import { connect } from 'node:net';

const variable = 'TRUNKLINE_TEST_SERVER_CONTROL';
const answeredWithinMs = 120_000;

interface ControlAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly commands?: readonly string[];
}

/** Makes the broker and the database of this run fail and come back. Only there when the run has servers of its own. */
export class ServerControl {
  private constructor(private readonly socketPath: string, private readonly commands: ReadonlySet<string>) {}

  /** Undefined when the servers are somebody else's. @throws when whoever should listen does not */
  static async open(environment: Readonly<Record<string, string | undefined>> = process.env): Promise<ServerControl | undefined> {
    const socketPath = environment[variable];
    if (!socketPath) return undefined;
    const { commands = [] } = await ask(socketPath, 'commands', 10_000);
    return new ServerControl(socketPath, new Set(commands));
  }

  /** Whether this server can be made to fail. */
  has(server: 'broker' | 'database'): boolean {
    return [...this.commands].some((command) => command.startsWith(`${server} `));
  }

  /** Resolves when it is done; a start, when the server answers. @throws what went wrong */
  async do(command: string, deadlineMs = answeredWithinMs): Promise<void> {
    const answer = await ask(this.socketPath, command, deadlineMs);
    if (!answer.ok) throw new Error(`${command}: ${answer.error ?? 'no reason given'}`);
  }
}

function ask(socketPath: string, command: string, deadlineMs: number): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    const timer = setTimeout(() => { socket.destroy(new Error(`${command}: no answer within ${deadlineMs} ms`)); }, deadlineMs);
    socket.on('error', reject).on('close', () => { clearTimeout(timer); });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text) as ControlAnswer);
    });
    socket.write(`${command}\n`);
  });
}
