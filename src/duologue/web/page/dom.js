/** Small ways to make and find elements. Text is only ever text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Find an element of index.html.
 *
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(id, kind) {
  return checked(document.getElementById(id), kind, id);
}

/**
 * Find an element inside another by its `data-part`.
 *
 * @template {Element} Kind
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function partOf(root, name, kind) {
  return checked(root.querySelector(`[data-part="${name}"]`), kind, name);
}

/**
 * @template {Element} Kind
 * @param {Element | null} found
 * @param {new () => Kind} kind
 * @param {string} name
 * @returns {Kind}
 */
function checked(found, kind, name) {
  if (!(found instanceof kind)) {
    throw new TypeError(`index.html has no ${kind.name} called ${name}`);
  }
  return found;
}

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * Make a button that does something.
 *
 * @param {string} kind  its classes
 * @param {string} text
 * @param {() => void} act
 */
export function button(kind, text, act) {
  const made = element("button", { class: kind, type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * Make one of the icons of index.html.
 *
 * @param {string} name
 */
export function icon(name) {
  let drawn = icons.get(name);
  if (drawn === undefined) {
    drawn = drawnIcon(name);
    icons.set(name, drawn);
  }
  return drawn.cloneNode(true);
}

/** @type {Map<string, SVGElement>} To copy one costs a third of making it. */
const icons = new Map();

/** @param {string} name */
function drawnIcon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  made.append(use);
  return made;
}

/**
 * Draw one path on white, such as a QR code.
 *
 * @param {{size: number, path: string}} drawing
 * @param {string} label
 */
export function picture({ size, path }, label) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", `0 0 ${size} ${size}`);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  made.append(drawn);
  return made;
}

/**
 * Show an error under its field, or none.
 *
 * @param {HTMLInputElement} field
 * @param {HTMLElement} place
 * @param {string} text  "" for none
 */
export function complain(field, place, text) {
  place.textContent = text;
  place.hidden = text === "";
  if (text === "") {
    field.removeAttribute("aria-invalid");
  } else {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}
