/** How far a workflow is, as the progress query answers. */
export type Progress = {
  iteration: number;
  stage: string;
  /** Units of the stage that are finished, of `total`; both 0 where a stage has no units. */
  done: number;
  total: number;
  /** Epoch milliseconds at which the stage began. */
  since: number;
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
