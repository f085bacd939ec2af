/** The format of 16-bit PCM. */
export interface AudioFormat {
  /** In Hz. */
  rate: number;
  channels: number;
}

/** Sample rates, in Hz: those of the LiveKit Agents framework and of Opus, with a margin. */
export const RATES = { min: 8_000, max: 192_000 };
export const MAX_CHANNELS = 2;

export function isPlayable({ rate, channels }: AudioFormat): boolean {
  return (
    Number.isInteger(rate) &&
    rate >= RATES.min &&
    rate <= RATES.max &&
    Number.isInteger(channels) &&
    channels >= 1 &&
    channels <= MAX_CHANNELS
  );
}
