import { describe, expect, it } from 'vitest';
import { parsePlugins, pluginNames } from './settings.ts';

describe('--plugins', () => {
  it.each<[string, readonly string[]]>([
    ['*', pluginNames],
    ['', []],
    ['ClusterAffinity', ['ClusterAffinity']],
    ['*,-TaintToleration', pluginNames.filter((name) => name !== 'TaintToleration')],
    ['-TaintToleration,*', pluginNames.filter((name) => name !== 'TaintToleration')],
    ['-TaintToleration', []],
  ])('%s', (text, expected) => {
    const list = text === '' ? [] : text.split(',');
    expect([...parsePlugins(list)].sort()).toEqual([...expected].sort());
  });

  it('a name nobody has is refused, with the names there are', () => {
    expect(() => parsePlugins(['*', '-Taints'])).toThrow(
      'unknown scheduler plugin "Taints"; plugins are APIEnablement',
    );
  });
});
