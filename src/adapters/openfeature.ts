/**
 * OpenFeature, both ways: our flags behind its SDK for servers, and any of its providers behind our flags. Of the SDK only
 * types are used; it is loaded by whoever calls it.
 */
export { FourlightsProvider, type FourlightsProviderOptions } from './openfeature-provider.js';
export { type FromOpenFeatureOptions, fromOpenFeature } from './openfeature-source.js';
