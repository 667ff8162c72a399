import { allSettings, type Settings } from '@berth/config/settings';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { OperatorOnly } from '../http/identity';
import { listOf } from '../http/pagination';
import { SETTINGS } from './tokens';

/** Addresses of servers carry their passwords. */
const holdsSecret = /URL|PASSWORD|TOKEN|KEY/;

const setting = z
  .object({
    name: z.string(),
    value: z.string().nullable().describe('What holds now; null when it is not set, or not to be shown.'),
    secret: z.boolean(),
    description: z.string(),
  })
  .meta({ id: 'Setting' });

class SettingList extends createZodDto(listOf(setting)) {}

@ApiTags('operator')
@OperatorOnly()
@Controller('v1/admin/settings')
class SettingsController {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  @Get()
  @ApiOperation({ operationId: 'listSettings', summary: 'The settings that hold (operator)' })
  @ZodResponse({ status: 200, description: 'All of them, on one page; docs/settings.md explains them.', type: SettingList })
  list() {
    const items = Object.entries(allSettings.shape).map(([name, schema]) => {
      const value = this.settings[name as keyof Settings];
      const secret = holdsSecret.test(name);
      return { name, value: secret || value === undefined ? null : String(value), secret, description: schema.description ?? '' };
    });
    return { items, nextCursor: null };
  }
}

@Module({ controllers: [SettingsController] })
export class SettingsModule {}
