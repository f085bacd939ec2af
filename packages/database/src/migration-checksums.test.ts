import { expect, test } from '@jest/globals';

import { readMigrations } from './migrations.ts';

/** Checksums of released migrations. Databases that applied a migration reject a changed one. */
const RELEASED = {
  '20261123000000_init': '2cbfc866001adc3952c189c9f2a54f54d43a7be99f93de9d5a581179b549469f',
  '20261124000000_dispatch': 'fb8f1a0999328dc89c9c97b6c573b80db96c3d0760252672ee27c12d1cab2484',
  '20261124010000_portraits': '521d4ec08378cd53d47606f3e8d337554a1125880363c3a0627a196c454db448',
  '20261126000000_bounds': '2fd44530a45b0806c15accf19610a8a4578c279d8401969a1e6220afc21c5ef7',
  '20261126000100_usage_totals': 'a902b6fa92fa0b2b42de4fa54ffc0aa9240bdcf05819066cc7d6ab5454ed5675',
  '20261126010000_plan_prices': 'e5f35febe280f937cf7458e7d78432cc4b97428ae4f2c412a58db486bc7b5d03',
  '20261126020000_worker_token_claims': '27a1aa208f3ad37d7f4c1fe1359bc8525a102bd7c4f8c12e7b7f6ceca307ee9e',
  '20261126030000_livekit_runtime': '6da0d495b905e587774cb1a63bc23f516853428b5893562fb08c1f31cb48c59a',
  '20261126040000_text_for_enums': 'b535a968351379b20a32c6c17cb6d717c57df04acf411f73816f331e7b4946f5',
  '20261126041000_validate_foreign_keys': '64c9f032661823aaf4e018b5544dcdf2c4b8f5dab79c8998221296921b0d49ab',
  '20261126050000_assignments': '5b5259608c6367ee0a9f14ca45ca86c366793a0a8e40fc5d11300e31cc8738ee',
  '20261126090000_stock_avatars': '00f0eeb6d8db9e00defa345accbd2e422f3101610f22c63609792dc354753a2c',
  '20261126100000_org_suspension': 'd8cbdd432210ee891d040ad6382c2e786eb8147ac8ddacb0fcf1bfb04d07886f',
  '20261126100100_credit_entries': '2676a4b7e42edd23c5232510305a9a6f621c920b663130344db60f61159be1d5',
  '20261127010000_audit_entries': '89cd96ea5b90631ab8a719b7b5824613ac085ea547148e660c978007e5651fe1',
  '20261127010100_org_lifecycle': '67dcf421d913ccf4b0dd32b1a0fcf4596ef3041b52a1adc7c1f773eff1c016ca',
  '20261127020000_assignment_traces': '8b6801933784c1a16c43e71a2ca1fdc46d3f3378662750589a4f58dc6495c27e',
  '20261127050000_portrait_landmarks': 'a60524ecb885a17cfcbc41342847a79248f402c26b324aab4c943e8f3d511ef2',
  '20261127030000_events': '88a69c4b0760d3c3cee8441ea7967b6632f1a2fcb8e0c70ca84729739cc658bd',
  '20261127040000_webhooks': 'e7393e24bd099c9ea70c2a3ede16bdef60df77731e23f6c47f93815a2afdb2ad',
  '20261127133931_media_sessions': '8d928d8d5b7060ee98b4d1d2d8b899a6cd15432f20748c944d5ae00fa9e5c245',
  '20261128014500_delivery_storage': 'aefcd99edc9b52bbb5cc615c15176474bf9404e8e8a282048fe7d6c55cc461b4',
};

test('released migrations are unchanged, and new ones are listed here', () => {
  const checksums = readMigrations().map(({ name, checksum }) => [name, checksum]);
  expect(Object.fromEntries(checksums)).toEqual(RELEASED);
});
