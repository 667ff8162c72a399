import type { OperationKind } from '@berth/contracts/documents/operation';
import { Injectable } from '@nestjs/common';
import type { OperationRow, OperationVerdict } from './operation.schema';

/** What a feature does for its kinds of operation. Both may be called many times, and by several processes at once. */
export interface OperationHandler {
  /**
   * Goes on where a killed process left off: writes what the operation still lacks.
   * @returns false when it never got to the write that decides, and is to be taken back.
   */
  complete(operation: OperationRow): Promise<boolean>;
  /** Draws the consequences of the verdict. */
  conclude(operation: OperationRow, verdict: OperationVerdict): Promise<void>;
}

/** Who handles which kind. Features register when their module is made. */
@Injectable()
export class OperationHandlers {
  private readonly handlers = new Map<OperationKind, OperationHandler>();

  register(kind: OperationKind, handler: OperationHandler): void {
    if (this.handlers.has(kind)) throw new Error(`operations of kind ${kind} have two handlers`);
    this.handlers.set(kind, handler);
  }

  of(kind: OperationKind): OperationHandler {
    const handler = this.handlers.get(kind);
    if (!handler) throw new Error(`operations of kind ${kind} have no handler`);
    return handler;
  }
}
