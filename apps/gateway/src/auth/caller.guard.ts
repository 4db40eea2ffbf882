import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { type Caller, setCaller } from './caller.js';

const everybody: Caller = { caller: 'default', provider: 'default' };

/** Says who calls. Without authentication it is everybody: that is why the gateway listens on loopback unless told otherwise. */
export class CallerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    setCaller(context.switchToHttp().getRequest<FastifyRequest>(), everybody);
    return true;
  }
}
