"""What was typed before, to be had again with the arrow keys. Pure."""

_MOST = 200


class Typed:
    """Texts in the order they were sent, and where among them one is looking."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._place = 0
        self._draft = ""

    def add(self, text: str) -> None:
        """Keep a text that was sent; the look goes back to the end."""
        if not self._texts or self._texts[-1] != text:
            self._texts.append(text)
            del self._texts[:-_MOST]
        self._place = len(self._texts)
        self._draft = ""

    def older(self, present: str) -> str | None:
        """Return the text before the one shown; None at the first.

        Args:
            present: What stands there now; a draft is kept for the way back.
        """
        if self._place == 0:
            return None
        if self._place == len(self._texts):
            self._draft = present
        self._place -= 1
        return self._texts[self._place]

    def newer(self) -> str | None:
        """Return the text after the one shown, the draft at last; None there."""
        if self._place == len(self._texts):
            return None
        self._place += 1
        return self._draft if self._place == len(self._texts) else self._texts[self._place]
