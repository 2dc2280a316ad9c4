/** Names of the program as they are typed on a command line. */

/** Such as "give-up" for `giveUp`. */
export function hyphenated(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
