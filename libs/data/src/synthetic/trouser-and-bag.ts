/** Trousers and bags. */
import { box, flipped, mirrored, strip, type Garment, type Layer } from './outline.ts';

export const trouser: Garment = (vary) => {
  const top = vary.between(-1, -0.88);
  const bottom = vary.chance(0.12) ? vary.between(-0.1, 0.4) : vary.between(0.8, 1);
  const hip = vary.between(0.26, 0.44);
  const crotch = top + vary.between(0.4, 0.6);
  const gap = vary.between(0.01, 0.08);
  const cuffInner = gap + vary.between(0, 0.12);
  const cuffOuter = cuffInner + vary.between(0.14, 0.32);
  const leg = [
    ...[0, top],
    ...[hip * vary.between(0.75, 0.95), top],
    ...[hip, crotch],
    ...[cuffOuter, bottom],
    ...[cuffInner, bottom],
    ...[gap * 0.5, crotch],
    ...[0, crotch],
  ];
  const right = vary.between(0.85, 1.1);
  const layers: Layer[] = [
    { outline: flipped(leg), tone: 1 },
    { outline: leg, tone: right },
  ];
  if (vary.chance(0.5)) {
    layers.push({ outline: box(-hip, top, hip, top + 0.1), tone: vary.between(0.5, 1.4) });
  }
  return layers;
};

export const bag: Garment = (vary) => {
  const top = vary.between(-0.45, 0.1);
  const bottom = vary.between(0.5, 0.85);
  const upper = vary.between(0.5, 0.9);
  const lower = upper * vary.between(0.85, 1.2);
  const corner = vary.between(0.02, 0.18);
  const layers: Layer[] = [];
  if (vary.chance(0.82)) {
    const reach = upper * vary.between(0.35, 0.85);
    const rise = vary.between(0.25, 0.6);
    const thickness = vary.between(0.06, 0.14);
    const arch = (width: number, height: number): readonly number[] =>
      mirrored([
        0,
        top - height,
        width * 0.6,
        top - height * 0.9,
        width * 0.92,
        top - height * 0.5,
        width,
        top + 0.1,
        0,
        top + 0.1,
      ]);
    layers.push({ outline: arch(reach, rise), tone: vary.between(0.6, 1.1) });
    layers.push({ outline: arch(reach - thickness, rise - thickness), tone: 0 });
  }
  layers.push({
    outline: mirrored([
      ...[0, top],
      ...[upper - corner, top],
      ...[upper, top + corner],
      ...[lower, bottom - corner],
      ...[lower - corner, bottom],
      ...[0, bottom],
    ]),
    tone: 1,
  });
  if (vary.chance(0.55)) {
    const y = top + (bottom - top) * vary.between(0.25, 0.6);
    layers.push({ outline: strip(-lower * 0.95, y, lower * 0.95, y, 0.07), tone: vary.between(0.3, 0.75) });
  }
  if (vary.chance(0.5)) {
    const y = top + (bottom - top) * vary.between(0.3, 0.6);
    const size = vary.between(0.06, 0.14);
    layers.push({ outline: box(-size, y, size, y + size * 1.5), tone: vary.between(0.2, 1.8) });
  }
  return layers;
};
