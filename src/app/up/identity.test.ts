import { describe, expect, it } from 'vitest';
import { certificateFits, parseCertificate } from '#world/certificates/certificate.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { memoryDisk } from '#world/disk/memory.ts';
import { clusterIdentity } from './identity.ts';

const day = 24 * 3_600_000;

describe('the identity of a cluster', () => {
  it('is made once, and renewed under the same authority when less than a third of its life is left', async () => {
    const clock = simulatedClock();
    const disk = memoryDisk();
    const read = () => clusterIdentity(disk, 'identity.json', 'member1', clock);
    const first = await read();
    expect(await read()).toEqual(first);

    await clock.advance(240 * day);
    expect(await read()).toEqual(first);

    await clock.advance(10 * day);
    const renewed = await read();
    expect(renewed.authority).toEqual(first.authority);
    expect(renewed.tokenKey).toBe(first.tokenKey);
    for (const part of ['serving', 'admin'] as const) {
      expect(renewed[part]).not.toEqual(first[part]);
      expect(certificateFits(renewed[part], first.authority.cert)).toBe(true);
      expect(parseCertificate(renewed[part].cert).notAfter).toBeGreaterThan(clock.now() + 364 * day);
      const [before, after] = [first, renewed].map((identity) => parseCertificate(identity[part].cert));
      expect([after!.subject, after!.hosts]).toEqual([before!.subject, before!.hosts]);
    }
    expect(renewed.frontProxy!.authority).toEqual(first.frontProxy!.authority);
    expect(certificateFits(renewed.frontProxy!.client, first.frontProxy!.authority.cert)).toBe(true);
    expect(await read()).toEqual(renewed);
  });

  it('of an earlier version gets what it lacks', async () => {
    const disk = memoryDisk();
    const clock = simulatedClock();
    const { frontProxy: _none, ...earlier } = await clusterIdentity(disk, 'identity.json', 'member1', clock);
    await disk.write('identity.json', JSON.stringify(earlier));
    const identity = await clusterIdentity(disk, 'identity.json', 'member1', clock);
    expect(identity.authority).toEqual(earlier.authority);
    expect(parseCertificate(identity.frontProxy!.client.cert).subject).toMatchObject({
      commonName: 'front-proxy-client',
    });
  });

  it('that is damaged is not made anew: members and kubeconfigs trust the old one', async () => {
    const disk = memoryDisk();
    await disk.write('identity.json', '{"authority": {');
    await expect(clusterIdentity(disk, 'identity.json', 'member1', simulatedClock())).rejects.toThrow(
      'identity.json is damaged: restore it from a backup',
    );
    expect(await disk.readText('identity.json')).toBe('{"authority": {');
  });
});
