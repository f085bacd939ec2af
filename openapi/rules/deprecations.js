const MIN_DAYS = 180;
const MS_PER_DAY = 86_400_000;

/**
 * A deprecated operation has the dates that the server announces: `x-deprecated-on` and, at least 180 days later,
 * `x-sunset-on`, before which it is not removed.
 */
export function deprecations() {
  return {
    Operation(operation, { report, location }) {
      const dates = [operation['x-deprecated-on'], operation['x-sunset-on']];
      const isDated = dates.every((date) => /^\d{4}-\d\d-\d\d$/.test(date ?? ''));
      if (isDated !== (operation.deprecated === true)) {
        report({
          message: '`deprecated` goes with `x-deprecated-on` and `x-sunset-on`, each a date `YYYY-MM-DD`.',
          location,
        });
      } else if (isDated && Date.parse(dates[1]) - Date.parse(dates[0]) < MIN_DAYS * MS_PER_DAY) {
        report({
          message: `\`x-sunset-on\` is at least ${MIN_DAYS} days after \`x-deprecated-on\`.`,
          location,
        });
      }
    },
  };
}
