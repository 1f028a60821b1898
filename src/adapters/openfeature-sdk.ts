/** Types alone: whoever imports `fourlights/openfeature` has the SDK, and it is loaded by them. */
export type {
  EvaluationContext as SdkContext,
  EventHandler,
  JsonValue,
  Logger,
  Provider,
  ProviderEventEmitter,
  ResolutionDetails,
  ServerProviderEvents,
} from '@openfeature/server-sdk';
