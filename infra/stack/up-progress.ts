/** What `up` tells while it works. */

/** A step of a part (what is installed) or of a service (what is started). */
export type UpProgress = Readonly<{
  phase: 'check' | 'install' | 'start';
  /** A part, a service, or "machine". */
  subject: string;
  activity: string;
  done: boolean;
}>;
