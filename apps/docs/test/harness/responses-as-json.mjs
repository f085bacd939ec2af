/** Loaded before a sample, so that what it prints can be read by a program: a value a line, whole. */
console.log = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
