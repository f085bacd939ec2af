/** Where a contender listens and which database it serves: the variables that the server itself reads. */
export function serverEnvironment(): { port: number; databaseUrl: string } {
  const { PORT, DATABASE_URL } = process.env;
  if (PORT === undefined || DATABASE_URL === undefined) {
    throw new Error('PORT and DATABASE_URL must be set. `pnpm bench list` starts this program.');
  }
  return { port: Number(PORT), databaseUrl: DATABASE_URL };
}
