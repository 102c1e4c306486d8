/** Distinguished names: CN is the user, O the groups, as Kubernetes reads client certificates. */
import { type DerElement, oid, partsOf, readElements, readOid, sequence, set, utf8String } from './der.ts';

export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

const commonNameOid = '2.5.4.3';
const organizationOid = '2.5.4.10';

const attribute = (type: string, value: string) => set(sequence(oid(type), utf8String(value)));

export const encodeName = ({ commonName, organizations }: Subject): Buffer =>
  sequence(...organizations.map((name) => attribute(organizationOid, name)), attribute(commonNameOid, commonName));

export function decodeName(name: DerElement): Subject {
  let commonName = '';
  const organizations: string[] = [];
  for (const relative of readElements(name.content)) {
    for (const pair of readElements(relative.content)) {
      const [type, value] = partsOf(pair, 2) as readonly [DerElement, DerElement];
      const text = value.content.toString('utf8');
      if (readOid(type) === commonNameOid) commonName = text;
      else if (readOid(type) === organizationOid) organizations.push(text);
    }
  }
  return { commonName, organizations };
}
