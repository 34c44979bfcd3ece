"""The client library: a conversation that survives its connections.

    async with connect("ws://127.0.0.1:8080/ws", name="Alice") as chat:
        code = await chat.create_room()

See `connect` and `Client`. `conversation` and all that it uses is pure: no I/O,
no clock, no randomness. May import `wire` and `errors`.
"""

from duologue.client.connection import Client as Client
from duologue.client.connection import connect as connect
from duologue.client.events import Chat as Chat
from duologue.client.events import Delivered as Delivered
from duologue.client.events import Ended as Ended
from duologue.client.events import Event as Event
from duologue.client.events import Knock as Knock
from duologue.client.events import NotDelivered as NotDelivered
from duologue.client.events import Offline as Offline
from duologue.client.events import Online as Online
from duologue.client.events import PartnerAway as PartnerAway
from duologue.client.events import PartnerBack as PartnerBack
from duologue.client.events import PartnerBehind as PartnerBehind
from duologue.client.events import PartnerCaughtUp as PartnerCaughtUp
from duologue.client.events import PartnerJoined as PartnerJoined
from duologue.client.events import PartnerLeft as PartnerLeft
from duologue.client.events import PartnerRenamed as PartnerRenamed
from duologue.client.events import PartnerStoppedTyping as PartnerStoppedTyping
from duologue.client.events import PartnerTyping as PartnerTyping
from duologue.client.events import Read as Read
from duologue.client.events import Refused as Refused
from duologue.client.events import RoomCreated as RoomCreated
from duologue.client.events import RoomExpired as RoomExpired
from duologue.client.events import RoomJoined as RoomJoined
from duologue.client.events import RoomLeft as RoomLeft
from duologue.client.events import Sent as Sent
from duologue.client.events import TicketRefused as TicketRefused
from duologue.client.happenings import Events as Events
from duologue.client.message import Message as Message
from duologue.client.outgoing import Failure as Failure
from duologue.client.outgoing import Progress as Progress
from duologue.client.reconnecting import Timing as Timing
