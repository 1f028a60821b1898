/** The long form is `npm run test:faults`: full sizes, and it writes docs/reliability.md. The short one is part of `npm test`. */
export const long: boolean = process.env['FAULTS'] === 'long';
