import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  type AnswerOf, cloudEventsContentType, CustomerCreateRequested, CustomerDeleteRequested, type DeploymentEventMessage, type DeploymentView, encode, fold,
  getCustomer, getDeployments, getScaling, getStanding, listCustomers, listSbcs, listScriptTemplates, type Message, type QuestionOf, routingKeyOf,
} from '@trunkline/contracts';
import { startWorker } from '@trunkline/hosting';
import { InProcessBroker, InProcessTransport, topology, type Transport } from '@trunkline/messaging';
import { createLogger, type Logger } from '@trunkline/runtime';
import { HttpClient } from '@trunkline/testing';

import { createGateway, type GatewayParts, type RunningGateway } from './create-gateway.js';

type Requested = CustomerCreateRequested | CustomerDeleteRequested;

/** Plays the provisioner on a transport: what it does with a request is decided by the test, what it knows is written by the test. */
export class PlayedProvisioner {
  readonly requests: Requested[] = [];
  /** Ids of each question about deployments. */
  readonly asked: (readonly string[])[] = [];
  readonly log = new Map<string, DeploymentView>();
  customers: AnswerOf<typeof listCustomers> = [];
  details = new Map<string, NonNullable<AnswerOf<typeof getCustomer>>>();
  scripts: AnswerOf<typeof listScriptTemplates> = [];
  sbcs: AnswerOf<typeof listSbcs> = [];
  /** Why it can take nothing in. */
  reasons: readonly string[] = [];
  /** What reads of deployments wait for. */
  readable: Promise<void> | undefined;
  onRequest: (request: Requested) => void | Promise<void> = () => undefined;

  constructor(private readonly transport: Transport) {}

  /** Published one after the other, with copies to the gateway that sent the request. */
  async tell(events: readonly Message[], { data: { origin } }: Requested): Promise<void> {
    for (const event of events) await this.publish(event, origin === undefined ? [] : [origin]);
  }

  /** Happens, and no gateway hears of it. */
  async keep(events: readonly DeploymentEventMessage[], completedAt: string | null = null): Promise<void> {
    const deployment = fold(events);
    if (deployment) this.log.set(deployment.deploymentId, { deployment, createdAt: '2026-03-01T12:00:00.000Z', completedAt });
  }

  private async publish(event: Message, bcc: readonly string[]): Promise<void> {
    await this.transport.publish({
      exchange: 'events', routingKey: routingKeyOf(event.type), messageId: event.id, contentType: cloudEventsContentType, body: encode(event), mandatory: false, bcc,
    });
  }
}

@Controller()
class PlayedHandlers {
  constructor(private readonly played: PlayedProvisioner) {}

  @EventPattern(CustomerCreateRequested.type)
  async create(@Payload() request: CustomerCreateRequested): Promise<void> {
    this.played.requests.push(request);
    await this.played.onRequest(request);
  }

  @EventPattern(CustomerDeleteRequested.type)
  async remove(@Payload() request: CustomerDeleteRequested): Promise<void> {
    this.played.requests.push(request);
    await this.played.onRequest(request);
  }

  @MessagePattern(getDeployments.pattern)
  async deployments(@Payload() { deploymentIds }: QuestionOf<typeof getDeployments>): Promise<AnswerOf<typeof getDeployments>> {
    this.played.asked.push(deploymentIds);
    await this.played.readable;
    return deploymentIds.flatMap((id) => this.played.log.get(id) ?? []);
  }

  @MessagePattern(getStanding.pattern)
  standing(): AnswerOf<typeof getStanding> { return { instance: 'played', reasons: this.played.reasons }; }

  @MessagePattern(listCustomers.pattern)
  list(): AnswerOf<typeof listCustomers> { return this.played.customers; }

  @MessagePattern(getCustomer.pattern)
  customer(@Payload() { customerGuid }: QuestionOf<typeof getCustomer>): AnswerOf<typeof getCustomer> { return this.played.details.get(customerGuid) ?? null; }

  @MessagePattern(listScriptTemplates.pattern)
  templates(): AnswerOf<typeof listScriptTemplates> { return this.played.scripts; }

  @MessagePattern(getScaling.pattern)
  scaling(): AnswerOf<typeof getScaling> { return { busyDevices: 17, devicesPerAgent: 16, agentsWanted: 2, agentsSeen: 1, oldestWaitSeconds: 4 }; }

  @MessagePattern(listSbcs.pattern)
  knownSbcs(): AnswerOf<typeof listSbcs> { return this.played.sbcs; }
}

class PlayedModule {}

export interface GatewayUnderTestOptions {
  readonly budgetMs?: number;
  readonly basePath?: string;
  readonly times?: GatewayParts['times'];
  readonly logger?: Logger;
  /** Opens a transport; both are the caller's to close. The played provisioner's comes first. */
  readonly open?: () => Transport;
  readonly playsProvisioner?: boolean;
  readonly shutdownDelayMs?: number;
}

/** A gateway over HTTP and, on the other side of the transport, whoever answers it. */
export class GatewayUnderTest {
  private constructor(
    readonly gateway: RunningGateway, readonly played: PlayedProvisioner, readonly http: HttpClient, readonly transport: Transport,
    private readonly closers: readonly (() => Promise<unknown>)[],
  ) {}

  static async set({ basePath = '', budgetMs = 20_000, logger, open, playsProvisioner = true, shutdownDelayMs = 0, times }: GatewayUnderTestOptions = {}): Promise<GatewayUnderTest> {
    const broker = new InProcessBroker(topology);
    const openTransport = open ?? (() => new InProcessTransport(broker));
    const silent = logger ?? createLogger({ service: 'gateway', level: 'silent' });
    const behind = openTransport();
    await behind.start();
    const played = new PlayedProvisioner(behind);
    const module = { module: PlayedModule, controllers: [PlayedHandlers], providers: [{ provide: PlayedProvisioner, useValue: played }] };
    const queues = { queue: 'provisioner', queryQueues: ['provisioner.queries', 'provisioner.standing', 'sbc-agent.queries'] };
    const stopPlaying = playsProvisioner ? await startWorker({ transport: behind, logger: silent, ...queues, module }) : async () => undefined;

    const transport = openTransport();
    await transport.start();
    const gateway = await createGateway({
      configuration: {
        HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, BASE_PATH: basePath, SYNC_WAIT_MS: budgetMs, SECRETS_KEY: Buffer.alloc(32, 3).toString('base64'),
        DRAIN_MS: 600_000, SHUTDOWN_DELAY_MS: shutdownDelayMs,
      },
      transport, logger: silent, instance: 'test', ...(times ? { times } : {}),
    });
    const http = new HttpClient(() => gateway.url);
    const stop = () => gateway.stop(AbortSignal.abort());
    return new GatewayUnderTest(gateway, played, http, transport, [() => http.close(), stop, stopPlaying, () => transport.close(), () => behind.close()]);
  }

  async clear(): Promise<void> {
    for (const close of this.closers) await close();
  }
}

export const aCreateBody = {
  shortName: 'Northwind7', fullName: 'Northwind Traders Ltd', siteLocation: { sbcId: 3, sbcOnboardingScript: 7, sbcCleanupScript: 700 },
  ovocCustomerType: 'IPGROUP_TYPE', msTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11',
};
