import { qualityValues } from '@greenroom/contract';
import { useState } from 'react';

import { dayName } from './months.ts';
import { sumOf, type Day } from './usage-days.ts';

const FIRST_LABEL = 1;
const LABEL_EVERY = 7;

/**
 * A bar for each day, divided by quality. The table below it has the same numbers, so a screen reader gets one sentence.
 */
export function DayChart({ days, unit }: { days: readonly Day[]; unit: 'seconds' | 'credits' }) {
  const [pointed, setPointed] = useState<Day | null>(null);
  const totalOf = (each: readonly Day[]) => sumOf(each)[unit] ?? 0;
  const top = roundedUp(Math.max(...days.map((day) => totalOf([day])), 1));
  const shown = pointed === null ? days : [pointed];
  const textOf = (value: number) => value.toLocaleString('en');
  const peak = days.reduce<Day | undefined>(
    (best, day) => (best === undefined || totalOf([day]) > totalOf([best]) ? day : best),
    undefined,
  );
  const summary =
    peak === undefined
      ? 'No usage'
      : `${textOf(totalOf(days))} ${unit} in total, most on ${dayName(peak.day)} with ${textOf(totalOf([peak]))}`;
  return (
    <figure className="chart">
      <figcaption className="chart-legend">
        <span className="chart-reading">
          {pointed === null ? 'Total' : dayName(pointed.day)}
          <strong>
            {textOf(totalOf(shown))} {unit}
          </strong>
        </span>
        <ul>
          {qualityValues.map((quality) => (
            <li key={quality}>
              <span className="key" data-quality={quality} aria-hidden="true" />
              {quality} <span className="muted">{textOf(sumOf(shown, [quality])[unit] ?? 0)}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="plot" role="img" aria-label={`Bars by day: ${summary}.`}>
        <span className="scale" aria-hidden="true">
          <span>{textOf(top)}</span>
          <span>{textOf(top / 2)}</span>
          <span>0</span>
        </span>
        <div className="bars" onPointerLeave={() => setPointed(null)}>
          {days.map((day, index) => (
            <span key={day.day} className="bar-place" onPointerEnter={() => setPointed(day)}>
              <span className="bar">
                {qualityValues.map((quality) => {
                  const amount = day.byQuality[quality][unit] ?? 0;
                  if (amount === 0) return null;
                  const height = `${(amount / top) * 100}%`;
                  return <span key={quality} data-quality={quality} style={{ height }} />;
                })}
              </span>
              <span className="bar-day">
                {index % LABEL_EVERY === 0 || days.length <= LABEL_EVERY ? index + FIRST_LABEL : ''}
              </span>
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}

/** Returns the next even multiple of a power of ten, so that half of it is a round number too. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return factor * power;
}
