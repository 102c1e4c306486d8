/** Writes testdata/ anew from ../shared: `node test/golden/write.ts`. */
import { writeExpectations } from './expectation.ts';
import { referenceAt } from './reference.ts';
import { steps } from './steps.ts';

writeExpectations(
  steps.map(({ name }) => name),
  referenceAt,
);
