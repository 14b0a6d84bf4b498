/**
 * T-shirt, pullover, coat, shirt and dress. Their measures overlap on purpose: what tells them apart for certain (an
 * opening, a collar, buttons, a ribbed hem) is small, faint and sometimes missing.
 */
import { box, flipped, mirrored, strip, type Garment, type Layer, type Variation } from './outline.ts';
import { upperBody, type UpperBody } from './upper-body.ts';

export const tShirt: Garment = (vary) => {
  const cut = looseCut(vary, {
    sleeveLength: vary.between(0.2, 0.62),
    sleeveSpread: vary.between(0.45, 0.85),
    neckDepth: vary.between(0.06, 0.26),
    bottom: vary.between(0.7, 0.95),
  });
  const layers = upperBody(cut);
  if (vary.chance(0.4)) {
    const size = vary.between(0.12, 0.3);
    const y = cut.top + vary.between(0.4, 0.7);
    layers.push({ outline: box(-size, y, size, y + size * vary.between(0.6, 1.6)), tone: vary.between(0.3, 1.7) });
  }
  return layers;
};

export const pullover: Garment = (vary) => {
  const cut = looseCut(vary, {
    sleeveLength: vary.between(0.95, 1.45),
    sleeveSpread: vary.between(0.12, 0.42),
    neckDepth: vary.between(0.03, 0.16),
    bottom: vary.between(0.65, 0.95),
  });
  const layers = upperBody(cut);
  if (vary.chance(0.65)) layers.push(hemBand(cut, vary));
  if (vary.chance(0.4)) layers.push(neckBand(cut, vary));
  if (vary.chance(0.12)) layers.push(opening(cut, vary));
  return layers;
};

export const coat: Garment = (vary) => {
  const cut = looseCut(vary, {
    sleeveLength: vary.between(1, 1.5),
    sleeveSpread: vary.between(0.1, 0.38),
    neckDepth: vary.between(0.04, 0.3),
    bottom: vary.between(0.75, 1),
  });
  const layers = upperBody(cut);
  if (vary.chance(0.88)) layers.push(opening(cut, vary));
  if (vary.chance(0.5)) layers.push(...collar(cut, vary, vary.between(0.3, 0.55)));
  if (vary.chance(0.35)) {
    const y = vary.between(0.2, 0.5);
    const pocket = strip(cut.waist * 0.35, y, cut.waist * 0.85, y - vary.between(0, 0.15), 0.07);
    const tone = vary.between(0.4, 0.75);
    layers.push({ outline: pocket, tone }, { outline: flipped(pocket), tone });
  }
  return layers;
};

export const shirt: Garment = (vary) => {
  const long = vary.chance(0.68);
  const cut = looseCut(vary, {
    sleeveLength: long ? vary.between(0.9, 1.42) : vary.between(0.3, 0.7),
    sleeveSpread: long ? vary.between(0.12, 0.45) : vary.between(0.4, 0.8),
    neckDepth: vary.between(0.05, 0.28),
    bottom: vary.between(0.7, 0.98),
  });
  const layers = upperBody(cut);
  if (vary.chance(0.7)) layers.push(...collar(cut, vary, vary.between(0.15, 0.3)));
  if (vary.chance(0.75)) layers.push(...buttons(cut, vary));
  if (vary.chance(0.3)) {
    const y = cut.top + vary.between(0.45, 0.6);
    layers.push({ outline: box(0.12, y, 0.3, y + 0.2), tone: vary.between(0.6, 0.85) });
  }
  return layers;
};

export const dress: Garment = (vary) => {
  const sleeved = vary.chance(0.55);
  const shoulder = vary.between(0.24, 0.46);
  const waist = shoulder * vary.between(0.6, 0.95);
  const cut: UpperBody = {
    top: vary.between(-1, -0.85),
    bottom: vary.between(0.8, 1),
    shoulder,
    chest: shoulder * vary.between(0.8, 1),
    waist,
    hem: waist * vary.between(1.05, 2.4),
    neckWidth: shoulder * vary.between(0.35, 0.7),
    neckDepth: vary.between(0.05, 0.35),
    sleeveLength: sleeved ? vary.between(0.15, 1.2) : 0,
    sleeveWidth: vary.between(0.16, 0.26),
    sleeveSpread: vary.between(0.15, 0.6),
    sleeveTone: vary.between(0.75, 1.05),
  };
  const layers = upperBody(cut);
  if (vary.chance(0.35)) {
    const y = vary.between(-0.3, 0);
    layers.push({ outline: box(-waist * 1.1, y, waist * 1.1, y + 0.09), tone: vary.between(0.4, 1.5) });
  }
  return layers;
};

/** The measures that all four loose garments draw alike. */
function looseCut(
  vary: Variation,
  own: Pick<UpperBody, 'sleeveLength' | 'sleeveSpread' | 'neckDepth' | 'bottom'>,
): UpperBody {
  const shoulder = vary.between(0.44, 0.6);
  const chest = shoulder * vary.between(0.82, 0.98);
  return {
    ...own,
    top: vary.between(-0.95, -0.78),
    shoulder,
    chest,
    waist: chest * vary.between(0.86, 1.04),
    hem: chest * vary.between(0.9, 1.2),
    neckWidth: shoulder * vary.between(0.3, 0.55),
    sleeveWidth: vary.between(0.26, 0.38),
    sleeveTone: vary.between(0.7, 1),
  };
}

/** The dark line of a front that can be opened. */
function opening(cut: UpperBody, vary: Variation): Layer {
  const x = vary.between(-0.06, 0.06);
  const outline = strip(x, cut.top + cut.neckDepth, x + vary.between(-0.05, 0.05), cut.bottom, vary.between(0.05, 0.1));
  return { outline, tone: vary.between(0.05, 0.7) };
}

/** Two flaps that fall from the neck to `depth` below it. */
function collar(cut: UpperBody, vary: Variation, depth: number): Layer[] {
  const wing = [
    ...[cut.neckWidth, cut.top - 0.02],
    ...[cut.neckWidth * vary.between(1, 1.4), cut.top + depth * 0.7],
    ...[0.03, cut.top + cut.neckDepth + depth * 0.6],
  ];
  const tone = vary.chance(0.5) ? vary.between(0.45, 0.85) : vary.between(1.15, 1.5);
  return [
    { outline: wing, tone },
    { outline: flipped(wing), tone },
  ];
}

/** A row of small dots along the front. */
function buttons(cut: UpperBody, vary: Variation): Layer[] {
  const count = 4;
  const x = vary.between(-0.05, 0.05);
  const from = cut.top + cut.neckDepth + 0.15;
  const pitch = (cut.bottom - from) / count;
  const tone = vary.chance(0.6) ? vary.between(0.2, 0.65) : vary.between(1.35, 1.8);
  return Array.from({ length: count }, (_, nth) => {
    const y = from + nth * pitch;
    return { outline: box(x - 0.04, y, x + 0.04, y + 0.08), tone };
  });
}

/** The ribbed band at the lower edge. */
function hemBand(cut: UpperBody, vary: Variation): Layer {
  const height = vary.between(0.08, 0.16);
  const edge = cut.hem * 1.02;
  return { outline: box(-edge, cut.bottom - height, edge, cut.bottom), tone: vary.between(0.6, 0.88) };
}

/** The ribbed band around the neck. */
function neckBand(cut: UpperBody, vary: Variation): Layer {
  const low = cut.top + cut.neckDepth;
  const outline = mirrored([0, low, cut.neckWidth, cut.top, cut.neckWidth * 1.2, cut.top + 0.06, 0, low + 0.1]);
  return { outline, tone: vary.between(0.55, 0.9) };
}
