import { qualityValues } from '@greenroom/contract';

import { dayName } from './months.ts';
import { sumOf, type Day } from './usage-days.ts';

/** The numbers of the chart: the days with usage, newest first. */
export function DayTable({ days }: { days: readonly Day[] }) {
  const used = days.filter((day) => sumOf([day]).seconds > 0).reverse();
  const all = sumOf(days);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Usage by day">
      <table className="table">
        <caption className="hidden">Billed seconds by day and quality, and credits</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col" className="number">
              Seconds
            </th>
            <th scope="col" className="number">
              Credits
            </th>
            {qualityValues.map((quality) => (
              <th key={quality} scope="col" className="number">
                {quality}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map((day) => {
            const { seconds, credits } = sumOf([day]);
            return (
              <tr key={day.day}>
                <th scope="row">
                  <time dateTime={day.day}>{dayName(day.day)}</time>
                </th>
                <td className="number">{numberText(seconds)}</td>
                <td className="number">{numberText(credits)}</td>
                {qualityValues.map((quality) => (
                  <td key={quality} className="number">
                    {numberText(day.byQuality[quality].seconds)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="number">{numberText(all.seconds)}</td>
            <td className="number">{numberText(all.credits)}</td>
            {qualityValues.map((quality) => (
              <td key={quality} className="number">
                {numberText(sumOf(days, [quality]).seconds)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** Returns a number with separators; a dash for an unknown one. */
export function numberText(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en');
}
