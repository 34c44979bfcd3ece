// Rooms for two: codes and who is inside, for both Node peers.
import { randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789";

export class Rooms {
  #inside = new Map();

  create(guest) {
    const code = Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
    this.#inside.set(code, [guest]);
    guest.code = code;
    return code;
  }

  // Seats the guest beside the one who waits there, and returns that one; null if nobody can join.
  join(guest, code) {
    const inside = this.#inside.get(code);
    if (inside?.length !== 1) return null;
    const [partner] = inside;
    inside.push(guest);
    guest.code = code;
    guest.partner = partner;
    partner.partner = guest;
    return partner;
  }

  leave(guest) {
    const left = (this.#inside.get(guest.code) ?? []).filter((other) => other !== guest);
    if (left.length) this.#inside.set(guest.code, left);
    else this.#inside.delete(guest.code);
    if (guest.partner) guest.partner.partner = null;
  }
}
