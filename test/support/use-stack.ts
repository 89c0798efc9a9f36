/** Lets the code under test find the services of this run, as it finds a user's own: by the environment. */
import { inject } from 'vitest';

Object.assign(process.env, inject('variables'));
