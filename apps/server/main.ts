import { runProgram } from './src/program.ts';

await runProgram(process.env);
