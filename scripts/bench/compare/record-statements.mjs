/**
 * Preloaded by the server whose statements are recorded: keeps each statement with its values, the number of its rows,
 * and whether it was sent without waiting for the previous one. The message `take` replies with the statements since the previous one.
 */
import pg from 'pg';

let statements = [];
const pending = new WeakMap();

const { query } = pg.Client.prototype;

pg.Client.prototype.query = function (config, ...rest) {
  const { text = config, values = Array.isArray(rest[0]) ? rest[0] : [] } = config;
  const before = pending.get(this) ?? 0;
  const statement = { text, values, rowCount: null, isPipelined: before > 0 };
  statements.push(statement);
  pending.set(this, before + 1);
  const settle = (rowCount) => {
    pending.set(this, (pending.get(this) ?? 1) - 1);
    statement.rowCount = rowCount ?? null;
  };
  const callback = rest.at(-1);
  if (typeof callback === 'function') {
    rest[rest.length - 1] = (error, result) => {
      settle(result?.rowCount);
      callback(error, result);
    };
    return query.call(this, config, ...rest);
  }
  const result = query.call(this, config, ...rest);
  result?.then?.(
    ({ rowCount }) => settle(rowCount),
    () => settle(null),
  );
  return result;
};

process.on('message', () => {
  process.send?.(statements);
  statements = [];
});
// The server may exit while the channel is open.
process.channel?.unref();
