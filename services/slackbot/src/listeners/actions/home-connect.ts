import { answerConnect } from '../answers/answer-connect.ts';
import type { AnybodysPress } from '../desk/press.ts';

/** Links the account of somebody whom nobody knows yet, and shows them their home tab. */
export const homeConnect: AnybodysPress = {
  id: 'home_connect',
  changes: true,
  answer: (visit) => answerConnect(visit, null),
};
