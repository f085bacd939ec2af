import { lifecycle, type SessionStatus } from '@greenroom/contract';

import type { Block } from '../blocks/block.ts';
import { escaped } from '../html.ts';

interface Box {
  x: number;
  y: number;
}

const WIDTH = 112;
const HEIGHT = 44;
/** The position of each status. */
const BOXES: Record<SessionStatus, Box> = {
  created: { x: 10, y: 120 },
  queued: { x: 160, y: 120 },
  starting: { x: 310, y: 120 },
  running: { x: 460, y: 120 },
  ending: { x: 610, y: 120 },
  ended: { x: 760, y: 120 },
  canceled: { x: 160, y: 250 },
  failed: { x: 385, y: 10 },
};

/** Draws the statuses of a session and the transitions between them. */
export function lifecycleFigure(): Block {
  const edges = distinctEdges();
  const said = edges.map(({ from, to }) => `${from} to ${to}`).join(', ');
  const svg = [
    `<svg class="lifecycle" viewBox="0 0 882 304" role="img" aria-label="${escaped(`States of a session: ${said}.`)}">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...edges.map(
      ({ from, to }) => `<path class="edge to-${to}" d="${route(from, to)}" marker-end="url(#arrow)"/>`,
    ),
    ...(Object.entries(BOXES) as [SessionStatus, Box][]).map(([status, { x, y }]) => box(status, x, y)),
    '</svg>',
  ].join('');
  return {
    kind: 'figure',
    svg,
    caption: 'The states of a session and the transitions between them.',
  };
}

/** Returns each pair of statuses with a transition once, however many transitions it has. */
export function distinctEdges(): { from: SessionStatus; to: SessionStatus }[] {
  const all = Object.values(lifecycle.transitions).flatMap(({ from, to }) =>
    from.map((status) => ({ from: status, to })),
  );
  return [...new Map(all.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

function box(status: SessionStatus, x: number, y: number): string {
  const text = `<text x="${x + WIDTH / 2}" y="${y + HEIGHT / 2 + 5}" text-anchor="middle">${status}</text>`;
  return `<g class="state ${status}"><rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="10"/>${text}</g>`;
}

function route(from: SessionStatus, to: SessionStatus): string {
  const a = BOXES[from];
  const b = BOXES[to];
  const middle = { x: a.x + WIDTH / 2, y: a.y + HEIGHT / 2 };
  if (to === 'failed') {
    const landing = b.x + WIDTH / 2 + (middle.x - b.x - WIDTH / 2) * 0.14;
    return `M${middle.x} ${a.y} C${middle.x} ${a.y - 50} ${landing} ${b.y + HEIGHT + 46} ${landing} ${b.y + HEIGHT + 3}`;
  }
  if (a.y === b.y && b.x > a.x && b.x - a.x > 200) {
    return `M${middle.x} ${a.y + HEIGHT} C${middle.x + 20} ${a.y + HEIGHT + 56} ${b.x + 20} ${b.y + HEIGHT + 56} ${b.x + WIDTH / 2 - 14} ${b.y + HEIGHT + 3}`;
  }
  if (a.y === b.y && b.x > a.x) return `M${a.x + WIDTH} ${middle.y} H${b.x - 3}`;
  if (a.y === b.y) {
    return `M${middle.x} ${a.y + HEIGHT} C${middle.x} ${a.y + HEIGHT + 46} ${b.x + WIDTH - 16} ${b.y + HEIGHT + 46} ${b.x + WIDTH - 20} ${b.y + HEIGHT + 3}`;
  }
  return a.x === b.x
    ? `M${middle.x} ${a.y + HEIGHT} V${b.y - 3}`
    : `M${middle.x} ${a.y + HEIGHT} C${middle.x} ${b.y + HEIGHT / 2} ${middle.x + 20} ${b.y + HEIGHT / 2} ${b.x - 3} ${b.y + HEIGHT / 2}`;
}
