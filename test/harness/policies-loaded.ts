/**
 * What a server loads when it first has an admission policy to judge. Loading takes real time, in which simulated time
 * runs on: on a busy machine whoever waits for the judgement has given up before it is there.
 */
import '#server/admission/expressions/conditions.ts';
import '#server/admission/expressions/input.ts';
import '#server/admission/policy/dispatch.ts';
import '#server/admission/policy/validate.ts';
