export { decodePicture } from './decode-picture.ts';
export type { GreyImage } from './grey-image.ts';
export { inversions, modelPicture, type Inversion, type ModelPicture } from './model-picture.ts';
export { encodePng } from './png.ts';
