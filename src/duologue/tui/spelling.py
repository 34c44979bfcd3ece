"""Room codes for eyes and ears: in groups to read, in words to say. Pure.

The words are those of the NATO alphabet.
"""

_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAMES = (
    "Zero One Two Three Four Five Six Seven Eight Nine "
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November "
    "Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_WORDS = dict(zip(_SYMBOLS, _NAMES.split(), strict=True))
_MOST_IN_A_GROUP = 4


def spelled(code: str) -> str:
    """Return the words to say a code with."""
    return " ".join(_WORDS.get(character, character) for character in code.upper())


def grouped(code: str) -> str:
    """Return a code as people read it, in groups of about one length: ABC 123, ABCD 1234."""
    groups = []
    while code:
        length = -(-len(code) // -(-len(code) // _MOST_IN_A_GROUP))
        groups.append(code[:length])
        code = code[length:]
    return " ".join(groups)
