import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageOverrider } from '../override-spec.ts';
import { formatImage, overriddenImage, parseImage } from './image.ts';

const sha = `sha256:${'50d858e0985ecc7f60418aaf0cc5ab58'.repeat(2)}`;

describe('parseImage', () => {
  it.each<[string, readonly [registry: string, repository: string, version: string] | undefined]>([
    ['nginx', ['', 'nginx', '']],
    ['nginx:1.27', ['', 'nginx', '1.27']],
    ['library/nginx:1.27', ['', 'library/nginx', '1.27']],
    ['registry.k8s.io/kube-apiserver:v1.19.1', ['registry.k8s.io', 'kube-apiserver', 'v1.19.1']],
    ['registry.example:10443/a/b__c/d-e.f:x', ['registry.example:10443', 'a/b__c/d-e.f', 'x']],
    ['localhost/web', ['localhost', 'web', '']],
    ['host/web', ['', 'host/web', '']],
    [`registry.example/a@${sha}`, ['registry.example', 'a', sha]],
    [`nginx:1.27@${sha}`, ['', 'nginx', '1.27']],
    ['registry.example:10443', ['', 'registry.example', '10443']],
    ['', undefined],
    ['Nginx', undefined],
    ['nginx:', undefined],
    ['nginx:a:b', undefined],
    ['nginx@sha256:abc', undefined],
    [`nginx@sha256:${'a'.repeat(63)}`, undefined],
    [`nginx@md5:${'a'.repeat(32)}`, undefined],
    ['registry.example//a', undefined],
    ['/a', undefined],
    ['a '.repeat(2), undefined],
    [`${'a/'.repeat(130)}a`, undefined],
  ])('%s', (text, parts) => {
    const [registry, repository, version] = parts ?? [];
    expect(parseImage(text)).toEqual(parts ? { registry, repository, version } : undefined);
  });

  it('ends soon also on what was made to keep it busy', () => {
    for (const text of [
      'a-'.repeat(255),
      `${'a'.repeat(250)}.`,
      'a.'.repeat(200),
      'A'.repeat(500),
      `${'a/'.repeat(200)}!`,
    ]) {
      expect(parseImage(text)).toBeUndefined();
    }
  });
});

describe('an image overrider', () => {
  type Case = readonly [
    component: ImageOverrider['component'],
    operator: ImageOverrider['operator'],
    value: string | undefined,
    image: string,
    expected: string,
  ];
  it.each<Case>([
    ['Registry', 'add', '.cn', 'registry.k8s.io/a:1', 'registry.k8s.io.cn/a:1'],
    ['Registry', 'add', 'mirror.example', 'nginx:1', 'mirror.example/nginx:1'],
    ['Registry', 'replace', 'mirror.example:5000', 'registry.k8s.io/a/b:1', 'mirror.example:5000/a/b:1'],
    ['Registry', 'replace', 'mirror.example', 'a/b', 'mirror.example/a/b'],
    ['Registry', 'replace', 'mirror.example', `quay.io/a@${sha}`, `mirror.example/a@${sha}`],
    ['Registry', 'remove', undefined, 'registry.k8s.io/a/b:1', 'a/b:1'],
    ['Registry', 'remove', 'ignored', 'a:1', 'a:1'],
    ['Repository', 'add', '-debug', 'quay.io/a/b:1', 'quay.io/a/b-debug:1'],
    ['Repository', 'replace', 'c/d', 'quay.io/a/b:1', 'quay.io/c/d:1'],
    ['Repository', 'remove', undefined, 'quay.io/a/b:1', 'quay.io/:1'],
    ['Tag', 'add', '-alpine', 'nginx:1.27', 'nginx:1.27-alpine'],
    ['Tag', 'add', '1.27', 'nginx', 'nginx:1.27'],
    ['Tag', 'replace', '1.28', 'nginx:1.27', 'nginx:1.28'],
    ['Tag', 'replace', '1.28', 'nginx', 'nginx:1.28'],
    ['Tag', 'replace', '1.28', `nginx@${sha}`, 'nginx:1.28'],
    ['Tag', 'replace', sha, 'nginx:1.27', `nginx@${sha}`],
    ['Tag', 'replace', `@${sha}`, 'nginx:1.27', 'nginx:1.27'],
    ['Tag', 'add', '/x', 'nginx:1.27', 'nginx:1.27'],
    ['Tag', 'remove', undefined, 'nginx:1.27', 'nginx'],
    ['Tag', 'remove', undefined, `quay.io/nginx@${sha}`, 'quay.io/nginx'],
  ])('%s %s %j: %s is %s', (component, operator, value, image, expected) => {
    expect(formatImage(overriddenImage(parseImage(image)!, { component, operator, value }))).toBe(expected);
  });
});

it('what is read is written the same', () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,6}(?:[._-][a-z0-9]{1,6}){0,2}$/);
  const images = fc
    .tuple(
      fc.constantFrom('', 'localhost/', 'a.example/', 'a.example:5000/'),
      fc.array(name, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', ':v1', ':1.2-3', `@${sha}`),
    )
    .map(([registry, names, version]) => `${registry}${names.join('/')}${version}`);
  fc.assert(fc.property(images, (image) => formatImage(parseImage(image)!) === image));
});
