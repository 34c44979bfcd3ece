/** Keeps the screen as high as what is seen of it, where a phone's keyboard covers a part. */

export function followKeyboard() {
  const seen = window.visualViewport;
  if (seen === null) {
    return;
  }
  const follow = () => {
    // Zooming in changes the height as well, but covers nothing.
    const isZoomed = seen.scale > 1.01;
    const { style } = document.documentElement;
    if (isZoomed || Math.abs(seen.height - window.innerHeight) < 1) {
      style.removeProperty("--visible-height");
    } else {
      style.setProperty("--visible-height", `${seen.height}px`);
      window.scrollTo(0, 0);
    }
  };
  seen.addEventListener("resize", follow);
}
