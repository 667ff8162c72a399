import type { Type } from '@nestjs/common';
import { HealthModule } from './health/health.module';

/** The features that API and worker share. Each is one folder. */
export const features: Type[] = [];

/** What only the API process serves. */
export const apiOnly: Type[] = [HealthModule];
