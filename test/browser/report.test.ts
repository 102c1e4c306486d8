/** The page that `flotilla migrate verify` writes, as a person sees it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verificationPage } from '#migrate/verify/page.ts';
import { type Browser, chromiumPresent, openFile, startChromium } from './chromium.ts';
import { evidence, hostile, plan, report } from './report.ts';

const widths = [360, 800, 1_600];

/** Whether a person has to move the page sideways to read it. */
const isTooWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';

interface Seen {
  readonly text: string;
  readonly color: string;
  readonly background: string;
}

const contrastOf = ({ color, background }: Seen): number => {
  const luminance = (rgb: string) =>
    rgb
      .match(/\d+(\.\d+)?/g)!
      .slice(0, 3)
      .map((part) => Number(part) / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index]!, 0);
  const [light, shade] = [luminance(color), luminance(background)].sort((a, b) => b - a);
  return (light! + 0.05) / (shade! + 0.05);
};

/** Each piece of text with the colours that it stands in; a background with transparency counts as none. */
const textsSeen = `[...document.querySelectorAll('main *')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .map((element) => {
    let at = element;
    while (at && getComputedStyle(at).backgroundColor.startsWith('rgba')) at = at.parentElement;
    const background = at ? getComputedStyle(at).backgroundColor : 'rgb(255, 255, 255)';
    return { text: element.textContent, color: getComputedStyle(element).color, background };
  })`;

describe.skipIf(!chromiumPresent)('the report of a verification in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const file = () => join(folder, 'report.html');

  beforeAll(async () => {
    [browser, folder] = await Promise.all([startChromium(), mkdtemp(join(tmpdir(), 'flotilla-report-'))]);
    await writeFile(file(), verificationPage(report, plan, evidence));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('asks nobody for anything, and runs nothing that a cluster calls a thing', async () => {
    const { page, complaints } = await openFile(browser, file());
    expect(await page.getByText(hostile).count()).toBeGreaterThan(3);
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    expect([complaints, await page.title()]).toEqual([[], `Migration shop of ${report.cluster}`]);
    await page.close();
  });

  it('says first how it ended, and then what differs, the worst first', async () => {
    const { page } = await openFile(browser, file());
    expect(await page.getByRole('status').innerText()).toBe(report.verdict);
    expect(await page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'Deployment shop/web-7 in member1 restarted',
      'Service shop/web in member1 changed',
      `ConfigMap shop/${hostile} in member1 changed by others since`,
    ]);
    const card = page.locator('.card', { hasText: 'web-7' }).first();
    expect(await card.innerText()).toContain('.spec.replicas: 2 → 3');
    expect(await page.getByRole('definition').allInnerTexts()).toContain('300');
    await page.close();
  });

  it('folds what is as it was, and shows it to whoever asks, by keyboard too', async () => {
    const { page } = await openFile(browser, file());
    const pod = page.getByRole('cell', { name: 'web-3-x', exact: true });
    for (const fold of ['Wave 2', 'shop', 'Deployment shop/web-3 as before']) {
      const summary = page.locator('summary:visible', { hasText: new RegExp(`^${fold}`) }).first();
      expect(await pod.isVisible()).toBe(false);
      await summary.focus();
      await page.keyboard.press('Enter');
    }
    expect(await pod.isVisible()).toBe(true);
    await page.close();
  });

  it.each([[false], [true]])('fits each screen, and can be read in the dark: %s', async (dark) => {
    const { page } = await openFile(browser, file(), dark);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect([width, await page.evaluate(isTooWide)]).toEqual([width, false]);
    }
    const pale = (await page.evaluate<readonly Seen[]>(textsSeen)).filter((each) => contrastOf(each) < 4.5);
    expect(pale).toEqual([]);
    await page.close();
  });

  it('is whole on paper', async () => {
    const { page } = await openFile(browser, file());
    const pod = page.getByText('web-3-x', { exact: true }).first();
    const heightOf = async () => (await pod.boundingBox())?.height ?? 0;
    expect(await heightOf()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    expect(await heightOf()).toBeGreaterThan(0);
    await page.close();
  });
});
