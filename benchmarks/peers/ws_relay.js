// The relay on `ws`, the usual WebSocket server of Node.
// permessage-deflate is off by default there; the heartbeat is the one its README shows (30 s).
import { randomUUID } from "node:crypto";
import { WebSocketServer } from "ws";
import { Rooms } from "./rooms.js";

const rooms = new Rooms();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });

const say = (guest, message) => guest.socket.send(JSON.stringify(message));

function hear(guest, message) {
  switch (message.type) {
    case "chat":
      if (guest.partner) {
        say(guest.partner, { type: "chat", from: guest.name, content: message.content });
      }
      break;
    case "set_username":
      guest.name = message.username;
      say(guest, { type: "username_set", username: guest.name });
      break;
    case "create_room":
      say(guest, { type: "room_created", room_code: rooms.create(guest) });
      break;
    case "join_room":
      join(guest, message.room_code.toUpperCase());
      break;
  }
}

function join(guest, code) {
  const partner = rooms.join(guest, code);
  if (!partner) {
    say(guest, { type: "error", code: "room_not_found", message: "You cannot join this room" });
    return;
  }
  say(guest, { type: "room_joined", room_code: code, partner: partner.name });
  say(partner, { type: "partner_joined", username: guest.name });
}

server.on("connection", (socket) => {
  const guest = { socket, name: null, code: null, partner: null };
  socket.isAlive = true;
  socket.on("pong", () => {
    socket.isAlive = true;
  });
  socket.on("error", () => {});
  socket.on("message", (text) => hear(guest, JSON.parse(text)));
  socket.on("close", () => {
    const { partner } = guest;
    rooms.leave(guest);
    if (partner) say(partner, { type: "partner_left" });
  });
  say(guest, { type: "connected", client_id: randomUUID() });
});

setInterval(() => {
  for (const socket of server.clients) {
    if (!socket.isAlive) socket.terminate();
    socket.isAlive = false;
    socket.ping();
  }
}, 30_000);
