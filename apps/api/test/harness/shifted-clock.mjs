/** Preloaded into a process to shift its clock by CLOCK_SHIFT_MS. */
const SystemDate = Date;
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);

globalThis.Date = class extends SystemDate {
  constructor(...args) {
    if (args.length === 0) super(SystemDate.now() + shiftMs);
    else super(...args);
  }

  static now() {
    return SystemDate.now() + shiftMs;
  }
};
