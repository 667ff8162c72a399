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
import { Gateway } from './gateway';

const settingsToken = Symbol('settings');

/** Starts health and metrics first, so that it can be asked what the gateway waits for. */
@Injectable()
class GatewayLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(settingsToken) private readonly settings: Settings,
    @Inject(Gateway) private readonly gateway: Gateway,
    @Inject(StatusServer) private readonly status: StatusServer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.status.listen(this.settings.BERTH_GATEWAY_SERVICE_PORT, this.settings.BERTH_METRICS_HOST);
    await this.gateway.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.stop();
    await this.status.close();
  }
}

@Module({})
class GatewayModule {}

/** The gateway service with its settings, for an application context. */
export function gatewayModule(settings: Settings, logger: Logger): DynamicModule {
  return {
    module: GatewayModule,
    providers: [
      { provide: settingsToken, useValue: settings },
      { provide: StatusServer, useFactory: () => new StatusServer('gateway') },
      {
        provide: Gateway,
        inject: [StatusServer],
        useFactory: (status: StatusServer) => new Gateway(settings, logger, status),
      },
      GatewayLife,
    ],
  };
}
