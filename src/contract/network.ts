/** The participants of a lab, and who can reach whom. */

export type Role = "miner" | "shop" | "observer";

export type Participant = { readonly name: string; readonly role: Role };

/** Shares of the hash power by miner; they add up to 1. */
export type Shares = Readonly<Record<string, number>>;

/** Of a partition: those in different groups cannot reach each other. */
export type Groups = readonly (readonly string[])[];

/** `from` dials, `to` answers. */
export type Link = { readonly from: string; readonly to: string };
