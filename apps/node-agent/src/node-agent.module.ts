import type { Settings } from '@berth/config/settings';
import type { Logger } from '@berth/observability/logger';
import { StatusServer } from '@berth/observability/status-server';
import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Agent, type LeaseLost } from './agent';

const settingsToken = Symbol('settings');

/** Starts health and metrics first, so that it can be asked what the agent waits for. */
@Injectable()
class AgentLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(settingsToken) private readonly settings: Settings,
    @Inject(Agent) private readonly agent: Agent,
    @Inject(StatusServer) private readonly status: StatusServer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.status.listen(this.settings.BERTH_AGENT_PORT, this.settings.BERTH_METRICS_HOST);
    await this.agent.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.stop();
    await this.status.close();
  }
}

@Module({})
class NodeAgentModule {}

/** The agent with its settings, for an application context. */
export function nodeAgentModule(settings: Settings, logger: Logger, onLeaseLost: (error: LeaseLost) => void): DynamicModule {
  return {
    module: NodeAgentModule,
    providers: [
      { provide: settingsToken, useValue: settings },
      { provide: StatusServer, useFactory: () => new StatusServer('node-agent') },
      {
        provide: Agent,
        inject: [StatusServer],
        useFactory: (status: StatusServer) => new Agent({ settings, logger, status, onLeaseLost }),
      },
      AgentLife,
    ],
  };
}
