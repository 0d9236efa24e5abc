import type { Press } from '../desk/press.ts';
import { publishHome } from '../desk/publish-home.ts';

/** Publishes the home tab anew. */
export const homeRefresh: Press = {
  id: 'home_refresh',
  answer: async (visit) => {
    await publishHome(visit);
    return null;
  },
};
