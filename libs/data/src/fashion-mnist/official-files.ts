/** The four files of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, MIT licence) and what they must be, byte for byte. */

/** The size and digest of one form of a file. */
export interface FileContent {
  readonly bytes: number;
  /** Hexadecimal SHA-256 of the file. */
  readonly sha256: string;
}

/** One of the four files: its published (compressed) form and the plain form inside it. */
export interface OfficialFile {
  /** The name of the plain form; the published form has `.gz` after it. */
  readonly name: string;
  /** What the publisher offers for download. */
  readonly compressed: FileContent & { readonly md5: string };
  readonly plain: FileContent;
}

/** Which role a file has. */
export type FileRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

/**
 * The official files. The MD5 sums are the publisher's (README of zalandoresearch/fashion-mnist); the SHA-256 sums were
 * computed from files that match them.
 */
export const officialFiles: Readonly<Record<FileRole, OfficialFile>> = {
  trainImages: {
    name: 'train-images-idx3-ubyte',
    compressed: {
      bytes: 26_421_880,
      md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    },
    plain: { bytes: 47_040_016, sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888' },
  },
  trainLabels: {
    name: 'train-labels-idx1-ubyte',
    compressed: {
      bytes: 29_515,
      md5: '25c81989df183df01b3e8a0aad5dffbe',
      sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
    },
    plain: { bytes: 60_008, sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9' },
  },
  testImages: {
    name: 't10k-images-idx3-ubyte',
    compressed: {
      bytes: 4_422_102,
      md5: 'bef4ecab320f06d8554ea6380940ec79',
      sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
    },
    plain: { bytes: 7_840_016, sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b' },
  },
  testLabels: {
    name: 't10k-labels-idx1-ubyte',
    compressed: {
      bytes: 5_148,
      md5: 'bb300cfdad3c16e7a12a480ee83cd310',
      sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
    },
    plain: { bytes: 10_008, sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34' },
  },
};

/** The roles in the order in which files are searched, downloaded and listed: the small files first. */
export const fileRoles: readonly FileRole[] = ['testLabels', 'trainLabels', 'testImages', 'trainImages'];

/** Directories on the web that hold the four compressed files, in order of preference. */
export const officialMirrors: readonly string[] = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
];
