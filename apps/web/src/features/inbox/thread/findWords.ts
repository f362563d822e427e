import { createContext } from 'react';

/** What is being searched for in the open thread; empty while nobody searches. */
export const FindWords = createContext('');
