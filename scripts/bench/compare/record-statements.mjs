/**
 * Preloaded by the server whose statements are recorded: keeps each statement with its values and the number of its
 * rows. The message `take` replies with the statements since the previous one.
 */
import pg from 'pg';

let statements = [];

const { query } = pg.Client.prototype;

pg.Client.prototype.query = function (config, ...rest) {
  const { text = config, values = Array.isArray(rest[0]) ? rest[0] : [] } = config;
  const statement = { text, values, rowCount: null };
  statements.push(statement);
  const callback = rest.at(-1);
  if (typeof callback === 'function') {
    rest[rest.length - 1] = (error, result) => {
      statement.rowCount = result?.rowCount ?? null;
      callback(error, result);
    };
    return query.call(this, config, ...rest);
  }
  const result = query.call(this, config, ...rest);
  result?.then?.(
    ({ rowCount }) => {
      statement.rowCount = rowCount;
    },
    () => undefined,
  );
  return result;
};

process.on('message', () => {
  process.send?.(statements);
  statements = [];
});
// The server may exit while the channel is open.
process.channel?.unref();
