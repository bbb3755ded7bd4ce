/** How long those who route to pods need to hear that a pod has ended, with room to spare. */
export const propagationSeconds = 5;
/** What an app is given to end the requests that it has. */
export const drainSeconds = 10;
