/** Small picture files that another program wrote (Pillow 9.4 and ImageMagick 6.9), with the grey values that it gives them. */
interface WrittenPicture {
  readonly name: string;
  readonly file: Uint8Array;
  readonly grey: readonly number[];
}

const file = (...base64: string[]): Uint8Array => new Uint8Array(Buffer.from(base64.join(''), 'base64'));

/** 5 x 3 pixels of many colours. */
const grey = [29, 51, 73, 95, 118, 84, 106, 128, 150, 172, 138, 160, 182, 205, 76];

/** The same picture as PNG files of many kinds. */
export const pngPictures: readonly WrittenPicture[] = [
  {
    name: 'colour',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAGklEQVR4nGNkYPhvJHIDjljYo/6yiyAQOh8AiOIQ/Rh2MyAAAAAASUVO',
      'RK5CYII=',
    ),
    grey: grey,
  },
  {
    name: 'palette of 4 bits',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADBAMAAACpGNjLAAAAMFBMVEWk8IFy3KnPqlxAyNEOtPmdloRrgqw5btTIUF+WPIdkKK/WBFkH',
      'WvwyFNcAAP8AAADE1DgpAAAAFElEQVR4nGN4u7KB4XiqAoOzwAYAH10EZiOfw48AAAAASUVORK5CYII=',
    ),
    grey: grey,
  },
  {
    name: 'palette with a transparent entry',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADBAMAAACpGNjLAAAAMFBMVEWk8IFy3KnPqlxAyNEOtPmdloRrgqw5btTIUF+WPIdkKK/WBFkH',
      'WvwyFNcAAP8AAADE1DgpAAAAAXRSTlMAQObYZgAAABRJREFUeJxjeLuygeF4qgKDs8AGAB9dBGYjn8OPAAAAAElFTkSuQmCC',
    ),
    grey: grey.with(13, 255),
  },
  {
    name: 'colour with alpha 64 of 255',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAYAAABbNsX4AAAAHUlEQVR4nGNkYPjvYCRygwEZs7BH/WVgF0HFWAUBHxoRPQZvBLwAAAAA',
      'SUVORK5CYII=',
    ),
    grey: [198, 204, 209, 215, 220, 212, 218, 223, 229, 234, 226, 231, 237, 242, 210],
  },
  {
    name: 'colour of 16 bits',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADEAIAAACExI7sAAAAJklEQVQI12NkYGBg+P/fyEhE5MYNTJKFnT0q6u9fdnYREWwkAWkA7voh',
      '8M7cemQAAAAASUVORK5CYII=',
    ),
    grey: grey,
  },
  {
    name: 'interlaced colour',
    file: file(
      'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAAGjU2I5AAAANklEQVQI12NgYPjPcCIgniFFYz0D35afRXdWXmOJZDYSuV5rJMPCt+UX',
      'n8YvRvaoP0YiN+AIAOyME0jW6hslAAAAAElFTkSuQmCC',
    ),
    grey: grey,
  },
  {
    name: 'one bit',
    file: file('iVBORw0KGgoAAAANSUhEUgAAAAUAAAADAQAAAABzTfhVAAAADklEQVR4nGNgYLBg+AAAAZ4BKd2w9x4AAAAASUVORK5CYII='),
    grey: grey.map((value) => (value > 120 ? 255 : 0)),
  },
];

/** A kind that is refused. */
export const interlacedBits: Uint8Array = file(
  'iVBORw0KGgoAAAANSUhEUgAAAAUAAAADAQAAAAEESsjDAAAAD0lEQVQI12NgAIMDYGwBAAfGAblr9J5iAAAAAElFTkSuQmCC',
);

/** A progressive JPEG of 16 x 16 pixels: red grows to the right, green downwards; blue is 128. */
export const progressiveJpeg: Uint8Array = file(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoK',
  'BggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK',
  'Cgr/wgARCAAQABADAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAXAQADAQAAAAAAAAAAAAAAAAAEBggH/9oADAMBAAIQ',
  'AxAAAAGf9IDTVSgElVhRNVKA/8QAFhAAAwAAAAAAAAAAAAAAAAAAAAUG/9oACAEBAAEFAlUqKpUVSoqlT//EABgRAAIDAAAAAAAAAAAA',
  'AAAAAAAFBiEx/9oACAEDAQE/AY2+yyNvssjb7LI2+yz/xAAXEQADAQAAAAAAAAAAAAAAAAAABAVh/9oACAECAQE/AXLGjljRyxo5Y0//',
  'xAAWEAADAAAAAAAAAAAAAAAAAAAAASP/2gAIAQEABj8CUxTFMUz/xAAVEAEBAAAAAAAAAAAAAAAAAAAA8f/aAAgBAQABPyGampqa/9oA',
  'DAMBAAIAAwAAABCGH//EABYRAQEBAAAAAAAAAAAAAAAAAAEAEP/aAAgBAwEBPxB7ff8A/wD/xAAVEQEBAAAAAAAAAAAAAAAAAAAAMf/a',
  'AAgBAgEBPxCpYsVP/8QAFRABAQAAAAAAAAAAAAAAAAAAAKH/2gAIAQEAAT8QnMxnM5//2Q==',
);
