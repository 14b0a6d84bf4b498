/** The cut that t-shirts, pullovers, coats, shirts and dresses share: a torso with a neckline and two sleeves. */
import { flipped, mirrored, type Layer, type Outline } from './outline.ts';

/** Measures of an upper-body garment. Widths are half widths, measured from the middle. */
export interface UpperBody {
  readonly top: number;
  readonly bottom: number;
  readonly shoulder: number;
  readonly chest: number;
  readonly waist: number;
  readonly hem: number;
  readonly neckWidth: number;
  readonly neckDepth: number;
  /** From the shoulder to the cuff; 0 is sleeveless. */
  readonly sleeveLength: number;
  readonly sleeveWidth: number;
  /** How far the arm is held out: the horizontal part of its direction, in [0, 1). */
  readonly sleeveSpread: number;
  /** Tone of the sleeves, which fall in folds beside the torso. */
  readonly sleeveTone: number;
}

const shoulderDrop = 0.12;

/** The layers of the cut: sleeves first, the torso over them. */
export function upperBody(cut: UpperBody): Layer[] {
  const layers: Layer[] = [];
  if (cut.sleeveLength > 0) {
    const sleeve = sleeveOutline(cut);
    layers.push({ outline: sleeve, tone: cut.sleeveTone }, { outline: flipped(sleeve), tone: cut.sleeveTone });
  }
  layers.push({ outline: torsoOutline(cut), tone: 1 });
  return layers;
}

function torsoOutline(cut: UpperBody): Outline {
  const { top, bottom, neckDepth, neckWidth } = cut;
  const middle = top + (bottom - top) * 0.5;
  return mirrored([
    ...[0, top + neckDepth],
    ...[neckWidth * 0.65, top + neckDepth * 0.75],
    ...[neckWidth, top],
    ...[cut.shoulder, top + shoulderDrop],
    ...[cut.chest, top + shoulderDrop + cut.sleeveWidth],
    ...[cut.waist, middle],
    ...[cut.hem, bottom],
    ...[0, bottom],
  ]);
}

function sleeveOutline(cut: UpperBody): Outline {
  const across = cut.sleeveSpread;
  const down = Math.sqrt(1 - across * across);
  const shoulderY = cut.top + shoulderDrop;
  const cuffX = cut.shoulder + across * cut.sleeveLength;
  const cuffY = shoulderY + down * cut.sleeveLength;
  const cuffWidth = cut.sleeveWidth * (1 - 0.3 * Math.min(1, cut.sleeveLength));
  return [
    ...[cut.shoulder * 0.8, cut.top + 0.05],
    ...[cut.shoulder, shoulderY],
    ...[cuffX, cuffY],
    ...[cuffX - down * cuffWidth, cuffY + across * cuffWidth],
    ...[cut.chest * 0.9, shoulderY + cut.sleeveWidth],
  ];
}
