/** Plays stacks in a process of its own, so that two cores are busy: for each message with options it answers a tally. */
import { type StackOptions, simulateStack } from './stack.ts';

process.on('message', (options: StackOptions) => process.send?.(simulateStack(options)));
