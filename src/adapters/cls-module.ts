import { load } from '../core/load.js';

/** What is replaced of cls-hooked's module object. Structural, so that its own types fit. */
export interface ClsModule {
  createNamespace(name: string): object;
  getNamespace(name: string): object | null | undefined;
  destroyNamespace(name: string): void;
  reset(): void;
}

/** The namespaces by name, as `process.namespaces` holds them; `null` is one that was destroyed. */
export type Registry = Record<string, object | null>;

/** Where every copy of cls-hooked in a process keeps its namespaces; absent until the first is loaded. */
export const host = process as NodeJS.Process & { namespaces?: Registry };

/** `given`, or the installed package. Of an ES module's namespace, which cannot be changed, the module object behind it. */
export function clsModule(given?: ClsModule): ClsModule {
  const found = given ?? installed();
  const behind = (found as { default?: unknown } | null)?.default;
  for (const candidate of [behind, found]) {
    if (isClsModule(candidate)) return candidate;
  }
  throw new TypeError('engine() needs the module object of cls-hooked, or nothing');
}

function installed(): unknown {
  try {
    return load('cls-hooked');
  } catch (cause) {
    throw new Error(
      'engine() of fourlights/cls needs cls-hooked, which could not be loaded: npm install cls-hooked@4',
      {
        cause,
      },
    );
  }
}

function isClsModule(value: unknown): value is ClsModule {
  const module = value as Partial<ClsModule> | null | undefined;
  return typeof module?.createNamespace === 'function' && typeof module.getNamespace === 'function';
}
