/** Writes testdata/ anew from ../shared: `node test/golden/write.ts`. */
import { customKinds, servedKinds } from '#apis/kinds.ts';
import { writeExpectations } from './expectation.ts';
import { referenceAt } from './reference.ts';
import { writeKinds } from './schemas/expectation.ts';
import { steps } from './steps.ts';

writeExpectations(
  steps.map(({ name }) => name),
  referenceAt,
);
writeKinds([...customKinds, ...servedKinds]);
