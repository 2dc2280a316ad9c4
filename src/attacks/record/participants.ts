/** The nodes of a lab that attacks need, by their names. */

/** She mines as honestly as the others, until she attacks. */
export const attackerName = "mallory";
/** Sells goods, and looks at its own node only. */
export const shopName = "shop";
/** Whose view decides how selfish mining is judged. */
export const observerName = "observer";
/** Where the victim's payment is handed in. */
export const payeeEntryName = "alice";
