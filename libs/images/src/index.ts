export { decodePicture } from './decode-picture.ts';
export type { GreyImage } from './grey-image.ts';
export { modelPicture, type Inversion, type ModelPicture } from './model-picture.ts';
export { encodePng } from './png.ts';
