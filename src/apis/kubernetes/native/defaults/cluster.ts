/** The rest of the core group: namespaces, nodes, secrets, limit ranges. */
import { encodeBase64 } from '../base64.ts';
import { type Fields, fieldsOf, isEmpty, isFields, textOf, withField, withMissing } from '../value.ts';

/** Every namespace carries its own name as a label, whatever was said. */
function namespace(value: Fields): Fields {
  const metadata = fieldsOf(value.metadata);
  const name = textOf(metadata.name);
  const labels = fieldsOf(metadata.labels);
  if (name === '' || labels['kubernetes.io/metadata.name'] === name) return value;
  return { ...value, metadata: { ...metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } } };
}

function nodeStatus(status: Fields): Fields {
  return !isEmpty(status.capacity) && isEmpty(status.allocatable)
    ? { ...status, allocatable: status.capacity }
    : status;
}

/** stringData is write-only: it becomes data, and wins over it. */
function secret(value: Fields): Fields {
  if (!isFields(value.stringData)) return value.stringData === null ? withField(value, 'stringData', undefined) : value;
  const data: Record<string, unknown> = { ...fieldsOf(value.data) };
  for (const [key, text] of Object.entries(value.stringData)) data[key] = encodeBase64(textOf(text));
  return withField({ ...value, data }, 'stringData', undefined);
}

/** For containers: default from max, defaultRequest from default, then from min. */
function limitRangeItem(item: Fields): Fields {
  if (item.type !== 'Container') return item;
  const limit = withMissing(fieldsOf(item.default), fieldsOf(item.max));
  const request = withMissing(withMissing(fieldsOf(item.defaultRequest), limit), fieldsOf(item.min));
  const withLimit = isEmpty(limit) ? item : withField(item, 'default', limit);
  return isEmpty(request) ? withLimit : withField(withLimit, 'defaultRequest', request);
}

export const clusterRules = {
  'v1.Namespace': namespace,
  'v1.NodeStatus': nodeStatus,
  'v1.Secret': secret,
  'v1.LimitRangeItem': limitRangeItem,
};
