/** Sandal, sneaker and ankle boot, the toe to the left. A high sneaker and a low boot are hard to tell apart. */
import { box, strip, type Garment, type Layer } from './outline.ts';

export const sandal: Garment = (vary) => {
  const ground = vary.between(0.3, 0.6);
  const heel = vary.chance(0.5) ? vary.between(0.3, 0.75) : vary.between(0, 0.2);
  const thickness = vary.between(0.08, 0.2);
  const arch = ground - thickness - heel;
  const toe = ground - thickness;
  const layers: Layer[] = [
    {
      outline: [
        -0.95,
        toe,
        -0.3,
        toe,
        0.75,
        arch,
        0.9,
        arch,
        0.9,
        arch + thickness,
        0.65,
        arch + thickness,
        -0.25,
        ground,
        -0.9,
        ground,
      ],
      tone: vary.between(0.7, 1.1),
    },
  ];
  if (heel > 0.25) {
    const width = vary.between(0.08, 0.3);
    layers.push({
      outline: [0.9 - width * 1.3, arch + thickness, 0.9, arch + thickness, 0.88, ground, 0.88 - width, ground],
      tone: 1,
    });
  }
  const straps = 2 + Math.floor(vary.between(0, 3));
  for (let nth = 0; nth < straps; nth++) {
    const from = -0.85 + (1.3 * nth) / straps + vary.between(-0.06, 0.06);
    const sole = from < -0.3 ? toe : toe - ((from + 0.3) / 1.05) * heel;
    const rise = vary.between(0.2, 0.55);
    const lean = vary.between(0.05, 0.45);
    layers.push({
      outline: strip(from, sole + 0.05, from + lean, sole - rise, vary.between(0.09, 0.2)),
      tone: vary.between(0.7, 1.2),
    });
  }
  if (vary.chance(0.6)) {
    const y = arch - vary.between(0.2, 0.5);
    layers.push({ outline: strip(0.8, arch, 0.75, y, 0.12), tone: 1 });
    layers.push({
      outline: strip(0.1, y - vary.between(-0.1, 0.1), 0.8, y, vary.between(0.08, 0.14)),
      tone: vary.between(0.7, 1.2),
    });
  }
  return layers;
};

export const sneaker: Garment = (vary) => {
  const ground = vary.between(0.35, 0.55);
  const toe = ground - vary.between(0.28, 0.42);
  const ankle = ground - vary.between(0.6, 1.05);
  const tongue = vary.between(-0.1, 0.2);
  const layers: Layer[] = [
    {
      outline: [
        ...[-0.95, ground - 0.1],
        ...[-0.85, toe + 0.08],
        ...[-0.55, toe],
        ...[tongue - 0.1, ankle + 0.08],
        ...[tongue + 0.12, ankle],
        ...[0.45, ankle + vary.between(0.05, 0.25)],
        ...[0.85, ankle + vary.between(-0.05, 0.1)],
        ...[0.92, ground - 0.12],
        ...[0.88, ground],
        ...[-0.9, ground],
      ],
      tone: 1,
    },
  ];
  if (vary.chance(0.8)) {
    const height = vary.between(0.1, 0.2);
    layers.push({
      outline: box(-0.94, ground - height, 0.92, ground),
      tone: vary.chance(0.6) ? vary.between(1.2, 1.8) : vary.between(0.3, 0.7),
    });
  }
  const marks = Math.floor(vary.between(0, 4));
  for (let nth = 0; nth < marks; nth++) {
    const x = -0.35 + 0.22 * nth;
    layers.push({
      outline: strip(x, toe + 0.2, x + 0.2, toe - 0.12, 0.08),
      tone: vary.chance(0.5) ? vary.between(1.3, 1.8) : vary.between(0.3, 0.7),
    });
  }
  return layers;
};

export const ankleBoot: Garment = (vary) => {
  const ground = vary.between(0.6, 0.9);
  const heel = vary.chance(0.5) ? vary.between(0.15, 0.4) : vary.between(0, 0.1);
  const sole = ground - heel;
  const shaftTop = ground - vary.between(1, 1.75);
  const shaftFront = vary.between(-0.15, 0.2);
  const instep = ground - vary.between(0.5, 0.65);
  const layers: Layer[] = [
    {
      outline: [
        ...[-0.95, ground - 0.08],
        ...[-0.88, ground - vary.between(0.25, 0.38)],
        ...[-0.5, ground - vary.between(0.36, 0.46)],
        ...[shaftFront - 0.08, instep],
        ...[shaftFront, shaftTop],
        ...[0.8, shaftTop + vary.between(-0.06, 0.06)],
        ...[0.82, instep],
        ...[0.92, sole],
        ...[0.88, ground],
        ...[0.5, ground],
        ...[0.42, sole],
        ...[-0.15, ground],
        ...[-0.9, ground],
      ],
      tone: 1,
    },
  ];
  if (vary.chance(0.45)) {
    layers.push({ outline: box(-0.94, ground - vary.between(0.06, 0.14), 0.92, ground), tone: vary.between(0.3, 1.6) });
  }
  if (vary.chance(0.5)) {
    const x = shaftFront + vary.between(0.1, 0.5);
    layers.push({ outline: strip(x, shaftTop, x - 0.05, instep + 0.1, 0.07), tone: vary.between(0.3, 0.7) });
  }
  if (vary.chance(0.3)) {
    const y = instep - vary.between(0, 0.3);
    layers.push({ outline: strip(shaftFront - 0.05, y, 0.84, y - 0.05, 0.1), tone: vary.between(0.4, 1.5) });
  }
  return layers;
};
