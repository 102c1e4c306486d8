/** Every bound of the store, with its arithmetic. */

/** How long a change can be resumed from or listed at: kube-apiserver compacts every 5 minutes. */
export const windowAgeMs = 300_000;
/** Old changes are looked for this often, so a window may be a tenth longer than `windowAgeMs`. */
export const windowSweepMs = windowAgeMs / 10;
/** Changes kept for one resource of one space: 2 s of the fastest burst measured (2,000 changes a second). */
export const windowChanges = 4_096;
/** Changes kept in all windows: 32,768 of about 1 kB that the state of now does not share = 32 MB. */
export const allWindowChanges = 32_768;

/** Longest stretch of work in one turn; architecture.md section 6 allows 10 ms. */
export const sliceMs = 4;

/** Objects written at once: handing one to the driver takes about 2 µs, so 2,048 hold the turn for 4 ms. */
export const groupRecords = 2_048;
/** Groups waiting for the disk: 32 of 2,048 objects of 2 kB = 128 MB, 2 s of the disk's 30,000 a second. Beyond: 429. */
export const pendingGroups = 32;
/**
 * Revisions reserved on disk ahead of use, so that none is given out twice: twice as many as can be pending, counting
 * each object written ten times before it reaches the disk. Beyond: 429.
 */
export const reservedRevisions = 2 * 10 * pendingGroups * groupRecords;

/** From one group's start to the next: a group takes 0.4 ms of CPU however small, so this is a fifth of one core at most. */
export const groupPaceMs = 2;
/** Ephemeral objects alone wait this long for company, saving a flush each; they may be lost by definition. */
export const ephemeralLingerMs = 1_000;
/** How often a store that could not write tries again. */
export const retryMs = 2_000;

/**
 * Share of the heap above which nothing is created: what is in use then is at least 70 % alive, for V8 collects before
 * the half of what is left is taken, and the rest is room for changes, answers and garbage.
 */
export const fullHeap = 0.85;
/** The heap is looked at this often: at 20,000 creates a second of 10 kB it grows by 4 MB between two looks. */
export const heapLookMs = 20;

/** Bytes of keys are limited by the driver to 4,026; resource (317), namespace (63) and a name of 1,024 in UTF-8 fit. */
export const nameLength = 1_024;

/** Events live as long as kube-apiserver keeps them by default. */
export const eventLifetimeMs = 3_600_000;
/** Events of one namespace: 8,192 of about 1.5 kB = 12 MB; beyond, the oldest go first. */
export const eventsPerNamespace = 8_192;
/** Expired objects are looked for this often. */
export const expirySweepMs = 10_000;
