import { expect, test } from '@jest/globals';

import { assertPublicAddress, isPublic } from './ssrf-guard.ts';

test.each(['8.8.8.8', '2606:4700:4700::1111', '203.1.2.3'])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '::1',
  '::ffff:127.0.0.1',
  'fe80::1',
  'fc00::1',
  '224.0.0.1',
  '::7f00:1',
  '::808:808',
  '168.63.129.16',
  '::ffff:168.63.129.16',
  '100.100.100.200',
  'fd00:ec2::254',
])('%s is not public', (address) => {
  expect(isPublic(address)).toBe(false);
});

test.each([
  'wss://localhost',
  'wss://127.0.0.1:7880',
  'wss://[::1]',
  'wss://2130706433',
  'wss://nowhere.invalid',
])('%s is rejected', async (url) => {
  await expect(assertPublicAddress(url)).rejects.toMatchObject({ code: 'room.unreachable' });
});
