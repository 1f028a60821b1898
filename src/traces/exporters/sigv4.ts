import type { SignatureV4 } from '@smithy/signature-v4';
import { messageOf } from '../../core/diagnostics.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Temporary ones are asked for again when it is near. */
  readonly expiration?: Date;
}

export interface SigningSettings {
  readonly service: string;
  readonly region: string;
  /** Left out: the default chain of `@aws-sdk/credential-provider-node` (profiles, containers, instance roles). */
  readonly credentials: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
}

/** Optional peers. No bundler follows a name that is held so: most applications have none of them. */
const SIGNER = '@smithy/signature-v4';
const HASH = '@aws-crypto/sha256-js';
const PROVIDER = '@aws-sdk/credential-provider-node';

type Signing = typeof import('@smithy/signature-v4');
type Hashing = typeof import('@aws-crypto/sha256-js');
interface Providing {
  defaultProvider(): () => Promise<AwsCredentials>;
}

/** AWS Signature Version 4, by AWS's own packages. They are optional peers: only who signs needs them. */
export class RequestSigner {
  readonly #settings: SigningSettings;
  #signer: Promise<SignatureV4> | undefined;

  constructor(settings: SigningSettings) {
    this.#settings = settings;
  }

  /** Loads what is needed; rejects with a text that names what is missing. */
  async ready(): Promise<void> {
    await this.#load();
  }

  /** The headers of a POST with which it counts as signed. */
  async sign(url: URL, headers: Record<string, string>, body: Uint8Array, now: Date): Promise<Record<string, string>> {
    const signer = await this.#load();
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    };
    return (await signer.sign(request, { signingDate: now })).headers;
  }

  #load(): Promise<SignatureV4> {
    this.#signer ??= load(this.#settings).catch((cause) => {
      this.#signer = undefined; // the package may be there the next time
      throw cause;
    });
    return this.#signer;
  }
}

async function load({ service, region, credentials }: SigningSettings): Promise<SignatureV4> {
  const [{ SignatureV4: Signer }, { Sha256 }] = await Promise.all([
    optionalPeer<Signing>(SIGNER),
    optionalPeer<Hashing>(HASH),
  ]);
  return new Signer({ service, region, sha256: Sha256, credentials: credentials ?? (await defaultChain()) });
}

async function defaultChain(): Promise<() => Promise<AwsCredentials>> {
  return (await optionalPeer<Providing>(PROVIDER)).defaultProvider();
}

async function optionalPeer<T>(name: string): Promise<T> {
  try {
    return await import(name);
  } catch (cause) {
    const instead = name === PROVIDER ? ', or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' : '';
    const packages = name === PROVIDER ? PROVIDER : `${SIGNER} ${HASH}`;
    const fix = `run "npm install ${packages}"${instead}`;
    throw new Error(`exporter "xray" needs the package ${name}: ${fix} (${messageOf(cause)})`, { cause });
  }
}
