// Loaded before a process: its calendar jumps by up to a day, forward and back, many times a second. Monotonic clocks stay as they are.
const SoundDate = Date;
const day = 86_400_000;
let offsetMs = 0;
let turn = 0;

setInterval(() => {
  turn++;
  offsetMs = Math.round(Math.sin(turn * 7) * day);
}, 20).unref();

class JumpingDate extends SoundDate {
  constructor(...given: [] | [number | string]) {
    super(given[0] ?? JumpingDate.now());
  }

  static override now(): number {
    return SoundDate.now() + offsetMs;
  }
}

// Everything that the process loads later sees this one.
globalThis.Date = JumpingDate as DateConstructor;
