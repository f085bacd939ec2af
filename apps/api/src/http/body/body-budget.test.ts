import { describe, expect, test } from '@jest/globals';

import { BodyBudget } from './body-budget.ts';

describe('a budget of 100 bytes, of which one caller may hold 40', () => {
  const budgetOf = () => new BodyBudget({ totalBytes: 100, callerBytes: 40 });

  test('rejects a caller that exceeds its share over all of its requests, and serves others', () => {
    const budget = budgetOf();
    budget.open('one').take(30);
    expect(() => budget.open('one').take(11)).toThrow('Too many of your requests');
    budget.open('other').take(40);
  });

  test('rejects every caller when the total is exceeded', () => {
    const budget = budgetOf();
    for (const caller of ['one', 'two']) budget.open(caller).take(40);
    expect(() => budget.open('three').take(21)).toThrow('The server is at capacity');
    budget.open('three').take(20);
  });

  test('regains the bytes of a released share only once', () => {
    const budget = budgetOf();
    const share = budget.open('one');
    share.take(40);
    share.release();
    share.release();
    budget.open('one').take(40);
    expect(() => budget.open('one').take(1)).toThrow();
  });

  test('ignores a released share', () => {
    const budget = budgetOf();
    const share = budget.open('one');
    share.release();
    share.take(40);
    budget.open('one').take(40);
  });

  test('keeps counting the held bytes after it rejects more', () => {
    const budget = budgetOf();
    const share = budget.open('one');
    share.take(30);
    expect(() => share.take(20)).toThrow();
    share.take(10);
    share.release();
    budget.open('one').take(40);
  });
});
