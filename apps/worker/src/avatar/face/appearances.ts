/** The appearance of a stock avatar, as CSS colours. */
export interface Appearance {
  backdrop: readonly [string, string];
  skin: string;
  hair: string;
  hairStyle: 'short' | 'long' | 'bun';
  shirt: string;
  eyes: string;
}

/** In the order of the stock avatars: `av_stock_001` and so on. */
export const APPEARANCES: readonly [Appearance, ...Appearance[]] = [
  {
    backdrop: ['#dbe7f5', '#8fb0d6'],
    skin: '#f0c6a4',
    hair: '#4a2f24',
    hairStyle: 'long',
    shirt: '#2f5d8c',
    eyes: '#3c5a46',
  },
  {
    backdrop: ['#f6e3cf', '#d9a273'],
    skin: '#8d5a3b',
    hair: '#1d1512',
    hairStyle: 'short',
    shirt: '#f2efe8',
    eyes: '#2c1a10',
  },
  {
    backdrop: ['#dff0e4', '#86b89a'],
    skin: '#e8b48c',
    hair: '#171a22',
    hairStyle: 'bun',
    shirt: '#8c3b4a',
    eyes: '#2a2019',
  },
  {
    backdrop: ['#ece4f5', '#a994cf'],
    skin: '#f6d7c0',
    hair: '#b5552c',
    hairStyle: 'short',
    shirt: '#3a3f52',
    eyes: '#3f6d8f',
  },
  {
    backdrop: ['#fbe8ea', '#d794a0'],
    skin: '#c48a5e',
    hair: '#2c1b16',
    hairStyle: 'long',
    shirt: '#275b52',
    eyes: '#3a2415',
  },
  {
    backdrop: ['#e6e9ee', '#94a0b3'],
    skin: '#f3cfb3',
    hair: '#9a9a9a',
    hairStyle: 'short',
    shirt: '#20262f',
    eyes: '#55707f',
  },
];

/** Returns the appearance of a stock avatar. Any other avatar gets the first one. */
export function appearanceOf(avatarId: string): Appearance {
  const number = Number(/^av_stock_(\d+)$/.exec(avatarId)?.[1] ?? 1);
  return APPEARANCES[(number - 1) % APPEARANCES.length] ?? APPEARANCES[0];
}
