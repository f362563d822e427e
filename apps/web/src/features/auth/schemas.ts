import { z } from 'zod';

// Our content security policy forbids code made at run time; zod must not try it.
z.config({ jitless: true });

export const SHORTEST_PASSWORD = 8;

export const credentials = z.object({ email: z.string().trim().min(1), password: z.string().min(1) });

export const account = z.object({
  firstName: z.string().trim().min(1).max(100),
  lastName: z.string().trim().max(100),
  organization: z.string().trim().min(1).max(200),
  email: z.email(),
  password: z.string().min(SHORTEST_PASSWORD).max(200),
});

export type Account = z.infer<typeof account>;
