from typing import get_args

import msgspec

from duologue.client import events


def test_every_event_is_in_the_union_under_its_own_tag() -> None:
    tags = {
        kind.__struct_config__.tag
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    }
    union = [kind.__struct_config__.tag for kind in get_args(events.Event)]
    # The bare Struct and the private base have no word of their own.
    assert {tag for tag in tags if tag and tag != "_Event"} == set(union)
    assert len(set(union)) == len(union)


def test_an_event_names_itself_in_json() -> None:
    assert msgspec.json.encode(events.Sent(1, 7)) == b'{"event":"sent","pairing":1,"id":7}'
