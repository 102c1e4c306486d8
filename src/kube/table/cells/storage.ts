/** Volumes, claims and their drivers. */
import { canonicalQuantity } from '../../quantity/quantity.ts';
import { ageOf, cellsOf, nameOf, none, unset, type View } from './cell.ts';

/** What was there before spec.storageClassName still wins. */
const oldClassAnnotation = 'volume.beta.kubernetes.io/storage-class';
const defaultClassAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** In the order in which they are shown. */
const accessModes = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

function modesText(modes: readonly string[] = []): string {
  return accessModes
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

type Amounts = Readonly<Record<string, string | number>>;

const storageOf = (amounts: Amounts | undefined) => canonicalQuantity(amounts?.storage ?? 0);

const phaseOf = ({ metadata, status }: View<unknown, { readonly phase?: string }>) =>
  metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '');

interface VolumeSpec {
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
  readonly volumeMode?: string;
  readonly accessModes?: readonly string[];
}

const classOf = ({ metadata, spec }: View<VolumeSpec>) =>
  metadata.annotations?.[oldClassAnnotation] ?? spec?.storageClassName ?? '';

interface PersistentVolumeSpec extends VolumeSpec {
  readonly capacity?: Amounts;
  readonly persistentVolumeReclaimPolicy?: string;
  readonly claimRef?: { readonly namespace?: string; readonly name?: string };
}

export const persistentVolumeCells = cellsOf<
  View<PersistentVolumeSpec, { readonly phase?: string; readonly reason?: string }>
>((object, now) => {
  const { spec = {}, status = {} } = object;
  const { claimRef } = spec;
  return [
    nameOf(object),
    storageOf(spec.capacity),
    modesText(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? '',
    phaseOf(object),
    claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : '',
    classOf(object),
    spec.volumeAttributesClassName ?? unset,
    status.reason ?? '',
    ageOf(object, now),
    spec.volumeMode ?? unset,
  ];
});

interface ClaimStatus {
  readonly phase?: string;
  readonly capacity?: Amounts;
  readonly accessModes?: readonly string[];
}

export const persistentVolumeClaimCells = cellsOf<View<VolumeSpec & { readonly volumeName?: string }, ClaimStatus>>(
  (object, now) => {
    const { spec = {}, status = {} } = object;
    const bound = Boolean(spec.volumeName);
    return [
      nameOf(object),
      phaseOf(object),
      spec.volumeName ?? '',
      bound ? storageOf(status.capacity) : '',
      bound ? modesText(status.accessModes) : '',
      classOf(object),
      spec.volumeAttributesClassName ?? unset,
      ageOf(object, now),
      spec.volumeMode ?? unset,
    ];
  },
);

interface StorageClass extends View<unknown> {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

export const storageClassCells = cellsOf<StorageClass>((object, now) => {
  const isDefault = defaultClassAnnotations.some((key) => object.metadata.annotations?.[key] === 'true');
  return [
    isDefault ? `${nameOf(object)} (default)` : nameOf(object),
    object.provisioner ?? '',
    object.reclaimPolicy ?? 'Delete',
    object.volumeBindingMode ?? 'Immediate',
    object.allowVolumeExpansion ?? false,
    ageOf(object, now),
  ];
});

interface VolumeAttachmentSpec {
  readonly attacher?: string;
  readonly nodeName?: string;
  readonly source?: { readonly persistentVolumeName?: string };
}

export const volumeAttachmentCells = cellsOf<View<VolumeAttachmentSpec, { readonly attached?: boolean }>>(
  (object, now) => [
    nameOf(object),
    object.spec?.attacher ?? '',
    object.spec?.source?.persistentVolumeName ?? '',
    object.spec?.nodeName ?? '',
    object.status?.attached ?? false,
    ageOf(object, now),
  ],
);

export const volumeAttributesClassCells = cellsOf<View<unknown> & { readonly driverName?: string }>((object, now) => [
  nameOf(object),
  object.driverName ?? '',
  ageOf(object, now),
]);

export const csiNodeCells = cellsOf<View<{ readonly drivers?: readonly unknown[] }>>((object, now) => [
  nameOf(object),
  object.spec?.drivers?.length ?? 0,
  ageOf(object, now),
]);

interface CsiDriverSpec {
  readonly attachRequired?: boolean;
  readonly podInfoOnMount?: boolean;
  readonly storageCapacity?: boolean;
  readonly requiresRepublish?: boolean;
  readonly tokenRequests?: readonly { readonly audience: string }[];
  readonly volumeLifecycleModes?: readonly string[];
}

export const csiDriverCells = cellsOf<View<CsiDriverSpec>>((object, now) => {
  const { spec = {} } = object;
  return [
    nameOf(object),
    spec.attachRequired ?? true,
    spec.podInfoOnMount ?? false,
    spec.storageCapacity ?? false,
    spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? unset,
    spec.requiresRepublish ?? false,
    spec.volumeLifecycleModes?.join(',') || none,
    ageOf(object, now),
  ];
});
