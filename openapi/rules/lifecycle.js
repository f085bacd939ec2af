/**
 * In the lifecycle, each status is either live or terminal, and each transition goes from live statuses to a status and
 * states its reason. A transition to `failed` states its failure, unless the worker reports it.
 */
export function lifecycle() {
  return {
    Schema(schema, { report, location }) {
      if (!schema['x-lifecycle']) return;
      const { live, terminal, transitions } = schema['x-lifecycle'];
      const fail = (message) => report({ message, location: location.child('x-lifecycle') });
      if ([...live, ...terminal].join() !== schema.enum.join()) {
        fail('`live` and `terminal` must have the values of `enum`, in the same order.');
      }
      for (const [name, { from, to, reason, failure }] of Object.entries(transitions)) {
        for (const status of from) {
          if (!live.includes(status)) fail(`\`${name}\` starts from \`${status}\`, which is not live.`);
        }
        if (!schema.enum.includes(to)) fail(`\`${name}\` leads to \`${to}\`, which is no status.`);
        if (reason === undefined) fail(`\`${name}\` needs a \`reason\`.`);
        if (to === 'failed' && failure === undefined && reason !== 'failure.code') {
          fail(`\`${name}\` needs a \`failure\`.`);
        }
      }
      const reached = new Set(Object.values(transitions).map(({ to }) => to));
      for (const status of schema.enum.slice(1)) {
        if (!reached.has(status)) fail(`No transition leads to \`${status}\`.`);
      }
    },
  };
}
