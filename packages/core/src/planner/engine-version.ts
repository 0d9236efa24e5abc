/** The engine's version: another one may make another plan of the same input. */
export const ENGINE_VERSION = '3';
