/** As in package.json, which a test compares: reading the file would not survive a bundler. */
export const version = '0.1.0';
