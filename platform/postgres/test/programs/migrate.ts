import pino from 'pino';
import { migrate } from '../../src/index.ts';

/** Applies the migrations of a folder, as the set "shop"; killed by the test in the middle of it. */
const [url = '', directory = ''] = process.argv.slice(2);
await migrate({ url }, [{ name: 'shop', directory }], pino({ level: 'silent' }));
