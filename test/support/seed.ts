/**
 * Loaded before each file of tests by `test/run.ts`: properties try the same cases every time, so that a run fails for
 * what was changed and not by luck. MAILFERRY_THOROUGH=1, and a file that is run alone, try others each time.
 */
import fc from 'fast-check';

if (process.env.MAILFERRY_THOROUGH !== '1') fc.configureGlobal({ seed: 20_261_001 });
