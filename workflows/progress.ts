/** How far a workflow is, as the progress query answers. */
export type Progress = {
  iteration: number;
  stage: string;
  /** Units of the stage that are finished, of `total`; both 0 where a stage has no units. */
  done: number;
  total: number;
  /** Milliseconds that the rest of the stage takes at the pace so far; null where nothing tells yet. */
  msLeft: number | null;
  /** Of a campaign: milliseconds until the last iteration that its settings allow. */
  campaignMsLeft?: number | null;
  /** What else is told of the stage, in a few words. */
  note?: string;
  /** A sentence where nothing moves because of something the workflow itself knows. */
  waitingFor: string | null;
  /** Workflow id of the child that knows more of this stage. */
  child?: string;
  /** Of a campaign: by whom and why nothing new is started, or when it ends. */
  paused?: { by: string; reason: string; at: string } | null;
  /** Selections that wait for a person. */
  reviews?: number;
  stopping?: { after: string; by: string; reason: string } | null;
};

/** What a child tells its campaign of its stage. */
export type ToldProgress = {
  /** Workflow id of who tells: a message of an earlier stage’s child comes too late. */
  child: string;
  stage: string;
  done: number;
  total: number;
  msLeft: number | null;
};
