"""The terminal program: a screen for one conversation, drawn by Textual.

    run → sit down → ChatApp → Story, Composer, Invitation, dialogs

What a screen shows is decided in pure modules (`story`, `commands`, `standing`,
`words`); the rest are widgets. May import `terminal`, `client` and `errors`.
"""

from duologue.tui.evening import run as run
