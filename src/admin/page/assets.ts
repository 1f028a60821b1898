/** One file of the page as it is sent: gzip in base64, made when the package is built. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly gzip: string;
}

/**
 * Empty here: the build (`page.build.mjs`) puts the page's three files in its place, so that nothing is read from disk at
 * run time, whatever bundles the package. Imported when somebody first opens the page.
 */
export const assets: Readonly<Record<string, Asset>> = {};
