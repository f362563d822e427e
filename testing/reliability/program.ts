// A node of the product as `npm start` runs it, in a process of its own that tests may kill. SIMULATOR_URL: where Meta is.

import { runProgram } from '@connectgain/server/src/program.ts';

// Whoever started it is gone: nobody would ever end it.
process.stdin.on('end', () => process.exit(1)).resume();

const simulator = process.env.SIMULATOR_URL;
await runProgram(process.env, simulator === undefined ? {} : { simulatorUrl: () => simulator });
