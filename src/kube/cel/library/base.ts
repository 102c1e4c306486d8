/** What every expression in Kubernetes v1.35 may call, in the order the overloads are tried. */
import { authorization } from './authorizer.ts';
import { conversions } from './conversions.ts';
import type { CelLibrary } from './declare.ts';
import { kubernetesLists, listExtensions, setExtensions } from './lists.ts';
import { namedFormats } from './named-formats.ts';
import { addresses, networks } from './network.ts';
import { operators } from './operators.ts';
import { optionalValues } from './optional.ts';
import { quantities } from './quantity.ts';
import { versions } from './semver.ts';
import { stringExtensions } from './strings.ts';
import { texts } from './text.ts';
import { times } from './time.ts';
import { urls } from './url.ts';

export const baseLibraries: readonly CelLibrary[] = [
  operators,
  conversions,
  texts,
  times,
  urls,
  kubernetesLists,
  authorization,
  optionalValues,
  quantities,
  stringExtensions,
  setExtensions,
  addresses,
  networks,
  namedFormats,
  versions,
  listExtensions,
];
