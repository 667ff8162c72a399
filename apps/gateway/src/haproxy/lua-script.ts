import { errorTemplate } from './error-replies';
import { type Refusal, refusals } from './refusals';

/** What a client that is refused may still send before its connection is cut. Read and thrown away, for else it never sees the answer. */
const mostDrainedBytes = 32 * 1024 * 1024;

/**
 * What HAProxy's configuration language cannot say:
 *
 * - the filter `limit-body` counts bodies that announce no length, and answers 413 past `txn.max_body`. Only the backend for such requests
 *   carries it, so the others pay nothing.
 * - the service `refuse` reads a refused request's body to its end before it answers. HAProxy 2.6 answers and closes at once, and the reset
 *   that follows takes the answer from a client which is still sending.
 */
export function luaScript(): string {
  return `-- Written by Berth's gateway; changes are lost at the next start.
local most_drained = ${mostDrainedBytes}

local replies = {
${refusals.map(replyTable).join('\n')}
}

local function fill(reply, id, limit)
  local body = reply.body:gsub('<id>', id or '-')
  return (body:gsub('<limit>', tostring(limit or 0)))
end

local LimitBody = { id = 'limit-body', flags = filter.FLT_CFG_FL_HTX }
LimitBody.__index = LimitBody

function LimitBody:new()
  return setmetatable({ seen = 0, answered = false }, LimitBody)
end

function LimitBody:start_analyze(txn, channel)
  self.max = tonumber(txn:get_var('txn.max_body'))
  if self.max and not channel:is_resp() then filter.register_data_filter(self, channel) end
end

function LimitBody:http_headers(txn, message)
  if message:is_resp() then self.answered = true end
  return filter.CONTINUE
end

function LimitBody:http_payload(txn, message)
  if message:is_resp() then return end
  local data = message:body()
  self.seen = self.seen + (data and #data or 0)
  if self.seen <= self.max then return end
  -- an answer that has begun can only be broken off
  if self.answered then return txn:done() end
  -- nothing more reaches the app, not even the end: what it has must not look whole
  message:remove()
  if not message:eom() and self.seen < self.max + most_drained then return end
  local reply = txn:reply({ status = replies.size.status, body = fill(replies.size, txn:get_var('txn.request_id'), self.max) })
  for name, value in pairs(replies.size.headers) do reply:add_header(name, value) end
  txn:done(reply)
end

core.register_filter('limit-body', LimitBody, function(instance) return instance end)

core.register_service('refuse', 'http', function(applet)
  local drained = 0
  while drained < most_drained do
    local data = applet:receive(65536)
    if not data or #data == 0 then break end
    drained = drained + #data
  end
  local reply = replies[applet:get_var('txn.refused')] or replies.${refusals.at(-1)?.reason}
  local body = fill(reply, applet:get_var('txn.request_id'), applet:get_var('txn.max_body'))
  applet:set_status(reply.status)
  for name, value in pairs(reply.headers) do applet:add_header(name, value) end
  applet:add_header('Content-Length', #body)
  applet:start_response()
  applet:send(body)
end)
`;
}

function replyTable({ reason, code, status, details, headers }: Refusal): string {
  const json = errorTemplate(code, { requestId: '<id>', ...(reason === 'size' ? { limit: '<limit>' } : {}) }, details);
  const pairs = Object.entries({ ...headers, 'Content-Type': 'application/json' }).map(
    ([name, value]) => `['${name}'] = '${value}'`,
  );
  return `  ${reason} = { status = ${status}, headers = { ${pairs.join(', ')} }, body = [==[${json}]==] },`;
}
