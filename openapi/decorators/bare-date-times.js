/**
 * Removes `pattern` and `maxLength` from date-times in the public document. Generated clients parse a date-time before
 * they check it, and some then match the pattern against the date object and fail.
 */
export function bareDateTimes() {
  return {
    Schema: {
      leave(schema) {
        if (schema.format !== 'date-time') return;
        delete schema.pattern;
        delete schema.maxLength;
      },
    },
  };
}
