/** Loaded before a sample, to print each value as one line of JSON. */
console.log = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
